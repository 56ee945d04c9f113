package io.github.kubevxlan.controller.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubled with each failure up to a bound, and spread over the upper half of that,
 * so that those who failed together do not come back together.
 *
 * @param first the wait after the first failure, before spreading
 * @param most the longest wait
 */
public record Backoff(Duration first, Duration most) {
    private static final int MAX_DOUBLINGS = 30;

    /** The wait after so many failures in a row, 1 or more. */
    public Duration after(int failures, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long bounded = Math.min(doubled, most.toMillis());
        return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
    }
}
