package io.github.kubevxlan.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Reads a request's body within bounds.
 *
 * @param most octets of a body
 * @param time to read one
 */
record BodyReader(int most, Duration time) {
    /** Of a longer body as much more is read and thrown away, so that the caller gets to read why. */
    private static final int DISCARDED_OCTETS = 64 * 1024 * 1024;

    private static final Duration DISCARDED_TIME = Duration.ofSeconds(30);
    private static final int BUFFER = 16 * 1024;

    /** Reads it all; throws with 413, 408 or 400 for what is too long, too slow or ends too soon. */
    byte[] read(InputStream body) throws RefusedException {
        long begun = System.nanoTime();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                octets.write(buffer, 0, length);
                if (octets.size() > most) {
                    throw tooLong();
                } else if (isLate(begun, time)) {
                    throw tooSlow();
                }
            }
        } catch (IOException e) {
            throw e.getCause() instanceof TimeoutException
                    ? tooSlow()
                    : new RefusedException(400, "body: found " + octets.size() + " octets and an early end");
        }
        return octets.toByteArray();
    }

    /** Refuses a body by the length that its request says. */
    void check(long length) throws RefusedException {
        if (length > most) {
            throw tooLong();
        }
    }

    /** Throws away what is left of a body, within bounds too. */
    void discard(InputStream body) {
        long begun = System.nanoTime();
        byte[] buffer = new byte[BUFFER];
        try {
            int left = DISCARDED_OCTETS;
            for (int length = 0;
                    length >= 0 && left > 0 && !isLate(begun, DISCARDED_TIME);
                    length = body.read(buffer)) {
                left -= length;
            }
        } catch (IOException e) {
            // Its sender is gone, or sends no more.
        }
    }

    private static boolean isLate(long begun, Duration time) {
        return System.nanoTime() - begun > time.toNanos();
    }

    private RefusedException tooLong() {
        return new RefusedException(413, "body: found more, allowed: " + most + " octets");
    }

    private RefusedException tooSlow() {
        return new RefusedException(408, "body: found no end, allowed: all of it within " + time.toSeconds() + " s");
    }
}
