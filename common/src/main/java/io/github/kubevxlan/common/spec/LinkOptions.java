package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Mtu;
import java.util.Map;

/**
 * A pod's link.
 *
 * @param ifName the interface in the pod
 * @param dev the underlay device in the pod
 * @param up whether the link is up
 * @param mtu of the interface
 * @param attributes those that are set
 */
public record LinkOptions(IfName ifName, IfName dev, boolean up, Mtu mtu, Map<LinkAttribute, Integer> attributes) {
    public LinkOptions {
        attributes = Map.copyOf(attributes);
    }
}
