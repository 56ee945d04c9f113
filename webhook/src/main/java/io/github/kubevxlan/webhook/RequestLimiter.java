package io.github.kubevxlan.webhook;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Admits as many requests at once as there are places, and as memory allows for their bodies in the worst case: a byte
 * of JSON takes from 2 to {@value #MEMORY_PER_BYTE} bytes. The others wait for a moment. A request takes a place when
 * its body is complete; while the body arrives, perhaps slowly, it has its own {@link BodyBudget}.
 */
final class RequestLimiter {
    /** The HTTP status of what is refused for now. */
    static final int BUSY = 503;

    /** A list of empty objects: 3 bytes of JSON, a node with its map in memory. */
    private static final int MEMORY_PER_BYTE = 32;

    private static final int MEMORY_PER_TOKEN = 64;

    /** A body, a text in it as large as all of it, the buffer that this is put together in. */
    private static final int COPIES = 3;

    /** Of a body that comes: its buffer, and the smaller one that this has grown from. */
    private static final int BUFFERS = 2;

    private static final int UNIT = 1024;

    private final Limits limits;
    private final Semaphore places;
    private final Semaphore waiting;
    private final Semaphore memory;
    private final Semaphore bodies = new Semaphore(units((long) AdmissionHandler.MAX_BYTES * BUFFERS), true);

    RequestLimiter(Limits limits) {
        this.limits = limits;
        places = new Semaphore(limits.requests(), true);
        waiting = new Semaphore(limits.requests());
        memory = new Semaphore(units(Math.max(limits.memory(), reckon(AdmissionHandler.MAX_BYTES))), true);
    }

    /** A short wait. */
    @FunctionalInterface
    interface Pause {
        void run() throws InterruptedException;
    }

    /** A permit to work on one request; to be closed. */
    final class Permit implements AutoCloseable {
        private final int units;

        private Permit(int units) {
            this.units = units;
        }

        @Override
        public void close() {
            memory.release(units);
            places.release();
        }
    }

    /** Memory for a body that comes, taken as it grows; to be closed. */
    final class BodyBudget implements AutoCloseable {
        private int units;

        /**
         * Grows the budget to what a body of so many bytes needs, at most {@link AdmissionHandler#MAX_BYTES}.
         *
         * @throws RefusedException if other bodies have too much of it and keep it
         */
        void growTo(int bytes) throws RefusedException, InterruptedException {
            int more = units((long) bytes * BUFFERS) - units;
            if (!bodies.tryAcquire(more, limits.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            units += more;
        }

        /** Shrinks the budget to what a body of so many bytes needs that is complete: itself, since its buffers are gone. */
        void shrinkTo(int bytes) {
            int less = Math.max(0, units - units(bytes));
            bodies.release(less);
            units -= less;
        }

        @Override
        public void close() {
            bodies.release(units);
            units = 0;
        }
    }

    /**
     * Lets a request wait without a place, so that others continue; does not wait if as many wait already as there are
     * places, because each keeps a connection.
     */
    void aside(Pause pause) throws InterruptedException {
        if (waiting.tryAcquire()) {
            try {
                pause.run();
            } finally {
                waiting.release();
            }
        }
    }

    /** A budget for one body, empty as yet. */
    BodyBudget budget() {
        return new BodyBudget();
    }

    /**
     * Takes a place.
     *
     * @param bytes of the body, at most {@link AdmissionHandler#MAX_BYTES}
     * @throws RefusedException if none becomes free soon
     */
    Permit acquire(int bytes) throws RefusedException, InterruptedException {
        int units = units(reckon(bytes));
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
        return new Permit(units);
    }

    private RefusedException busy() {
        return new RefusedException(
                BUSY,
                "busy: found more than " + limits.requests()
                        + " requests at once, or more than the memory allows: try again");
    }

    private static long reckon(int bytes) {
        long tree = Math.min((long) bytes * MEMORY_PER_BYTE, (long) AdmissionCodec.MAX_TOKENS * MEMORY_PER_TOKEN);
        return (long) bytes * COPIES + tree;
    }

    private static int units(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
    }
}
