package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Segment;

/**
 * A segment on one underlay family: members of the other family can't be its VTEPs.
 *
 * @param segment VNI and port
 * @param ipv6 whether its VTEPs are IPv6 addresses
 */
public record SegmentKey(Segment segment, boolean ipv6) {
    /** Where a member of a network is that has this VTEP in it. */
    public static SegmentKey of(Network network, IpAddr vtep) {
        return new SegmentKey(network.segment(), vtep.isIpv6());
    }
}
