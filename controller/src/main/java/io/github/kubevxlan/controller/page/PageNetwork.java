package io.github.kubevxlan.controller.page;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A network as the ConfigMap defines it, with its members counted.
 *
 * @param name the key of its entry
 * @param segment where its frames go
 * @param pods its members, counted
 * @param problem why it can't be used; empty if it can
 */
public record PageNetwork(
        String name,
        @JsonUnwrapped Segment segment,
        @JsonUnwrapped Pods pods,
        String problem) {
    /**
     * A network's segment.
     *
     * @param vni the segment's identifier; 0 where the definition can't be read
     * @param port the segment's UDP port; 0 likewise
     * @param family of the underlay; empty for that of each pod's primary address
     */
    public record Segment(int vni, int port, String family) {
        static final Segment UNKNOWN = new Segment(0, 0, "");
    }

    /**
     * The pods of a network.
     *
     * @param members how many pods name it
     * @param ready how many of them are ready
     */
    public record Pods(int members, int ready) {}
}
