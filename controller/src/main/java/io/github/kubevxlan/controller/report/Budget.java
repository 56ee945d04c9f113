package io.github.kubevxlan.controller.report;

import java.time.Duration;

/** Allows a number at once, and one more after each refill time. For use by one thread at a time. */
final class Budget {
    private final int most;
    private final Duration refill;
    private int left;
    private Duration counted;

    /** Is full at the start. */
    Budget(int most, Duration refill, Duration start) {
        this.most = most;
        this.refill = refill;
        this.left = most;
        this.counted = start;
    }

    /** How long it takes until one is left; zero if one is. */
    Duration wait(Duration now) {
        count(now);
        return left > 0 ? Duration.ZERO : counted.plus(refill).minus(now);
    }

    /** Takes one, if one is left. */
    boolean take(Duration now) {
        count(now);
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    private void count(Duration now) {
        long came = now.minus(counted).dividedBy(refill);
        left = (int) Math.min(most, left + came);
        counted = left == most ? now : counted.plus(refill.multipliedBy(came));
    }
}
