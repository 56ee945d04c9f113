package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.Optional;

/**
 * A route that somebody else made, of the main table.
 *
 * @param destination where it leads
 * @param gateway the next hop; empty if it leads to the link itself, or nowhere
 * @param dev the device's name; empty if it leads nowhere
 * @param metric its priority; 0 where the kernel reports none
 */
public record ForeignRoute(Cidr destination, Optional<IpAddr> gateway, String dev, long metric) {
    public ForeignRoute {
        dev = ShownText.name(dev);
    }
}
