package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;

/**
 * One VNI on one UDP port. Interfaces reach each other if they have both in common and send over underlay addresses of one
 * family; the controller's {@code SegmentKey} adds the family.
 *
 * @param vni the VXLAN network identifier
 * @param port the UDP port
 */
public record Segment(Vni vni, Port port) {}
