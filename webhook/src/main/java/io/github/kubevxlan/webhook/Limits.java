package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.util.EnvConfig;
import java.time.Duration;

/**
 * Limits of the server.
 *
 * @param requests answered at once
 * @param connections open at once
 * @param memory bytes that these requests may take together, as {@link RequestLimiter} reckons
 * @param patience how long a request waits for a permit
 * @param arrival how long a request may take to arrive
 */
record Limits(int requests, int connections, long memory, Duration patience, Arrival arrival) {
    private static final int CONNECTIONS_PER_REQUEST = 4;

    /**
     * How long a request may take to arrive.
     *
     * @param header how long its header may take, counted for the first from the connection's beginning
     * @param body how long its body may take then, and how long it may stand still
     */
    record Arrival(Duration header, Duration body) {}

    /** Reads them; mistakes stay with {@code env} until it is checked. */
    static Limits read(EnvConfig env) {
        return of(env.integer("REQUESTS", 64, 1, 1000));
    }

    /** As many requests at once, in half of the heap. */
    static Limits of(int requests) {
        return new Limits(
                requests,
                requests * CONNECTIONS_PER_REQUEST,
                Runtime.getRuntime().maxMemory() / 2,
                Duration.ofSeconds(1),
                new Arrival(Duration.ofSeconds(10), Duration.ofSeconds(10)));
    }
}
