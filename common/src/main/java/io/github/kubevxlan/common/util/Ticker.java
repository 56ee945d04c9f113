package io.github.kubevxlan.common.util;

import java.time.Duration;

/** Measures how much time passes. It never goes back, even if somebody changes the wall clock. */
@FunctionalInterface
public interface Ticker {
    /** The time since a moment that stays the same for the life of the process; only differences mean something. */
    Duration elapsed();

    /** How long it is until this elapsed time; a millisecond if it has passed, since a deadline has to be positive. */
    default Duration left(Duration end) {
        Duration left = end.minus(elapsed());
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    /** The one of the machine. */
    static Ticker system() {
        long start = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - start);
    }
}
