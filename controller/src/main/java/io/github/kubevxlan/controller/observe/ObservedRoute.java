package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.net.Route;

/**
 * A route that carries our mark.
 *
 * @param route destination and gateway
 * @param dev the device's name
 * @param metric its priority; 0 where the kernel reports none
 */
public record ObservedRoute(Route route, String dev, long metric) {
    public ObservedRoute {
        dev = ShownText.name(dev);
    }
}
