package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;

/**
 * One VNI on one UDP port, over underlay addresses of one family: interfaces in one segment reach each other.
 *
 * @param vni the VXLAN network identifier
 * @param port the UDP port
 */
public record Segment(Vni vni, Port port) {}
