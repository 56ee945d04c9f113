package io.github.kubevxlan.controller.report;

import java.time.Duration;
import java.time.Instant;

/** So many at once, and one more each time that a while has passed. For use by one thread at a time. */
final class Budget {
    private final int most;
    private final Duration refill;
    private int left;
    private Instant counted;

    /** Is full at the start. */
    Budget(int most, Duration refill, Instant start) {
        this.most = most;
        this.refill = refill;
        this.left = most;
        this.counted = start;
    }

    /** Takes one, if one is left. */
    boolean take(Instant now) {
        long came = Math.max(0, Duration.between(counted, now).dividedBy(refill));
        left = (int) Math.min(most, left + came);
        counted = left == most ? now : counted.plus(refill.multipliedBy(came));
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
