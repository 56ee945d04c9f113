package io.github.kubevxlan.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/**
 * Reads a request's body within bounds.
 *
 * @param most bytes of a body
 * @param time to read one
 */
record BodyReader(int most, Duration time) {
    /** How many more bytes of a too long body to read and discard, so that the caller reads the answer. */
    private static final int DISCARDED_BYTES = 64 * 1024 * 1024;

    private static final Duration DISCARDED_TIME = Duration.ofSeconds(30);
    private static final int BUFFER = 16 * 1024;

    /** The review of a usual pod fits in. */
    private static final int ROOM_FROM = 32 * 1024;

    /**
     * Reads it all; throws with 413, 408 or 400 for what is too long, too slow or ends too soon.
     *
     * @param budget for what is beyond the first {@value #ROOM_FROM} bytes, which every connection may have
     */
    byte[] read(InputStream body, RequestLimiter.BodyBudget budget) throws RefusedException, InterruptedException {
        long begun = System.nanoTime();
        byte[] bytes = new byte[BUFFER];
        int size = 0;
        try {
            for (int length = body.read(bytes); length >= 0; length = body.read(bytes, size, bytes.length - size)) {
                size += length;
                if (size > most) {
                    throw tooLong();
                } else if (isLate(begun, time)) {
                    throw tooSlow();
                } else if (size == bytes.length) {
                    bytes = grown(bytes, budget);
                }
            }
        } catch (IOException e) {
            throw e.getCause() instanceof TimeoutException
                    ? tooSlow()
                    : new RefusedException(400, "body: found " + size + " bytes and an early end");
        }
        return Arrays.copyOf(bytes, size);
    }

    private byte[] grown(byte[] bytes, RequestLimiter.BodyBudget budget) throws RefusedException, InterruptedException {
        int size = Math.min(bytes.length * 2, most + 1);
        if (size > ROOM_FROM) {
            budget.growTo(Math.min(size, most));
        }
        return Arrays.copyOf(bytes, size);
    }

    /** Refuses a body by the length that its request says. */
    void check(long length) throws RefusedException {
        if (length > most) {
            throw tooLong();
        }
    }

    /** Throws away what is left of a body, within bounds too; tells whether that was all of it. */
    boolean discard(InputStream body) {
        long begun = System.nanoTime();
        byte[] buffer = new byte[BUFFER];
        try {
            int left = DISCARDED_BYTES;
            while (left > 0 && !isLate(begun, DISCARDED_TIME)) {
                int length = body.read(buffer);
                if (length < 0) {
                    return true;
                }
                left -= length;
            }
        } catch (IOException e) {
            // Its sender is gone, or sends no more.
        }
        return false;
    }

    private static boolean isLate(long begun, Duration time) {
        return System.nanoTime() - begun > time.toNanos();
    }

    private RefusedException tooLong() {
        return new RefusedException(413, "body: found more, allowed: " + most + " bytes");
    }

    private RefusedException tooSlow() {
        return new RefusedException(408, "body: found no end, allowed: all of it within " + time.toSeconds() + " s");
    }
}
