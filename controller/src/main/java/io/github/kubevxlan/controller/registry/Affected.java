package io.github.kubevxlan.controller.registry;

import java.util.HashSet;
import java.util.Set;

/** Whom changes concern. The members of a segment are gathered once, at the end, however many of them made it change. */
final class Affected {
    private final Set<String> uids = new HashSet<>();
    private final Set<SegmentMembers> segments = new HashSet<>();

    void add(String uid) {
        uids.add(uid);
    }

    /** Takes everybody who will be in a segment at the end. */
    void add(SegmentMembers segment) {
        segments.add(segment);
    }

    Set<String> uids() {
        Set<String> all = new HashSet<>(uids);
        segments.forEach(segment -> all.addAll(segment.uids()));
        return all;
    }
}
