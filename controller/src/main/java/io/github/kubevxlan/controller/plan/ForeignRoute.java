package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;

/**
 * A route that somebody else made, of the main table.
 *
 * @param destination where it leads
 * @param dev the device's name; empty if it leads nowhere
 * @param metric its priority; 0 where the kernel reports none
 */
public record ForeignRoute(Cidr destination, String dev, long metric) {}
