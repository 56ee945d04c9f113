package io.github.kubevxlan.common.spec;

import java.util.List;

/**
 * A network as the ConfigMap defines it.
 *
 * @param name the key of its entry
 * @param segment its VNI and UDP port, its own among all definitions
 * @param options as written
 */
public record Definition(String name, Segment segment, Options options) {
    /** Whether both may be one segment in a pod: their VNI and port are the same, and their families can be. */
    public boolean mayShareSegmentWith(Definition other) {
        return segment.equals(other.segment) && SegmentOwners.mayBeOne(options.family(), other.options.family());
    }

    /** Where its members' addresses are from, one of each family at most; empty if it gives none. */
    public List<Pool> pools() {
        return Pool.of(options);
    }
}
