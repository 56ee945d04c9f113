package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;
import java.util.Optional;

/**
 * What holds for all members of a segment.
 *
 * @param segment its VNI and UDP port
 * @param family of the underlay addresses that its members send to; empty for that of each pod's primary address
 * @param forwarding how members learn where a frame goes
 * @param peers VTEPs outside the cluster, in the order given, without repeats
 * @param checks what members check of each other
 */
public record SegmentOptions(
        Segment segment, Optional<Family> family, Forwarding forwarding, List<IpAddr> peers, Checks checks) {
    public SegmentOptions {
        peers = List.copyOf(peers);
    }

    /** With nothing to check but tables. */
    public SegmentOptions(Segment segment, Optional<Family> family, Forwarding forwarding, List<IpAddr> peers) {
        this(segment, family, forwarding, peers, Checks.TABLES);
    }
}
