package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;

/**
 * What networks have that set nothing else.
 *
 * @param dev the underlay device
 * @param port the UDP port
 */
public record Defaults(IfName dev, Port port) {}
