package io.github.kubevxlan.webhook;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets in as many requests at once as there are places, and memory for their bodies at their worst: what an octet of
 * JSON becomes depends on the JSON, from 2 to {@value #OCTETS_PER_OCTET} octets. The others wait for a moment. A body
 * takes its place when it is there: while it comes, which its sender may draw out, it has a {@link Room} of its own.
 */
final class Gate {
    /** A list of empty objects: 3 octets of JSON, a node with its map in memory. */
    private static final int OCTETS_PER_OCTET = 32;

    private static final int OCTETS_PER_TOKEN = 64;

    /** A body, a text in it as large as all of it, the buffer that this is put together in. */
    private static final int COPIES = 3;

    /** Of a body that comes: its buffer, and the smaller one that this has grown from. */
    private static final int BUFFERS = 2;

    private static final int UNIT = 1024;

    private final Limits limits;
    private final Semaphore places;
    private final Semaphore memory;
    private final Semaphore rooms = new Semaphore(units((long) AdmissionHandler.MAX_OCTETS * BUFFERS), true);

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

    /** Memory for a body that comes, taken as it grows; to be closed. */
    final class Room implements AutoCloseable {
        private int units;

        /**
         * Makes it as large as a body of so many octets needs, at most {@link AdmissionHandler#MAX_OCTETS}.
         *
         * @throws RefusedException if other bodies have too much of it and keep it
         */
        void growTo(int octets) throws RefusedException, InterruptedException {
            int more = units((long) octets * BUFFERS) - units;
            if (!rooms.tryAcquire(more, limits.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            units += more;
        }

        @Override
        public void close() {
            rooms.release(units);
            units = 0;
        }
    }

    /** Room for a body, none as yet. */
    Room room() {
        return new Room();
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
        if (!places.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
            throw busy();
        }
        boolean isIn = false;
        try {
            isIn = memory.tryAcquire(units, patience, TimeUnit.NANOSECONDS);
        } finally {
            if (!isIn) {
                places.release();
            }
        }
        if (!isIn) {
            throw busy();
        }
        return new Pass(units);
    }

    private RefusedException busy() {
        return new RefusedException(
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
