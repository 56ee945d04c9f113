package io.github.kubevxlan.webhook;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets in as many requests at once as there are places, and memory for their bodies at their worst: what an octet of
 * JSON becomes depends on the JSON, from 2 to {@value #OCTETS_PER_OCTET} octets. The others wait for a moment.
 */
final class Gate {
    /** A list of empty objects: 3 octets of JSON, a node with its map in memory. */
    private static final int OCTETS_PER_OCTET = 32;

    private static final int OCTETS_PER_TOKEN = 64;

    /** A body as it comes: the buffer, the buffer when it grows, the body itself. */
    private static final int COPIES = 3;

    private static final int UNIT = 1024;

    private final Limits limits;
    private final Semaphore places;
    private final Semaphore memory;

    Gate(Limits limits) {
        this.limits = limits;
        places = new Semaphore(limits.requests(), true);
        memory = new Semaphore(units(Math.max(limits.memory(), reckon(AdmissionHandler.MAX_OCTETS))), true);
    }

    /** A place taken; to be closed. */
    final class Pass implements AutoCloseable {
        private final int units;

        private Pass(int units) {
            this.units = units;
        }

        @Override
        public void close() {
            memory.release(units);
            places.release();
        }
    }

    /**
     * Takes a place.
     *
     * @param octets of the body, at most {@link AdmissionHandler#MAX_OCTETS}
     * @throws RefusedException if none becomes free soon
     */
    Pass enter(int octets) throws RefusedException, InterruptedException {
        int units = units(reckon(octets));
        long patience = limits.patience().toNanos();
        if (places.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
            if (memory.tryAcquire(units, patience, TimeUnit.NANOSECONDS)) {
                return new Pass(units);
            }
            places.release();
        }
        throw new RefusedException(
                503,
                "busy: found more than " + limits.requests()
                        + " requests at once, or more than the memory is for: try again");
    }

    private static long reckon(int octets) {
        long tree = Math.min((long) octets * OCTETS_PER_OCTET, (long) AdmissionCodec.MAX_TOKENS * OCTETS_PER_TOKEN);
        return (long) octets * COPIES + tree;
    }

    private static int units(long octets) {
        return Math.toIntExact(Math.ceilDiv(octets, UNIT));
    }
}
