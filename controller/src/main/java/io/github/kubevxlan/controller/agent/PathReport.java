package io.github.kubevxlan.controller.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * What a probe found. An agent may report anything within these bounds.
 *
 * @param sent small packets, 1 to 100
 * @param answered how many of them were answered
 * @param rtt the shortest round trip; empty if nothing was answered
 * @param size what passes of what was to pass
 * @param badChecksums UDP packets with broken checksums that both ends received meanwhile
 */
public record PathReport(int sent, int answered, Optional<Duration> rtt, Size size, long badChecksums) {
    /**
     * How large IP packets may be.
     *
     * @param wanted the MTU of both interfaces, in bytes
     * @param passes the largest that passes both ways; 0 if none does
     */
    public record Size(int wanted, int passes) {
        /** Whether packets of the full size pass. */
        public boolean isFull() {
            return passes >= wanted;
        }

        /** Whether nothing passes. */
        public boolean isNothing() {
            return passes == 0;
        }
    }
}
