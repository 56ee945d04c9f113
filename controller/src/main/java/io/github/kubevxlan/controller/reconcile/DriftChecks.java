package io.github.kubevxlan.controller.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** When each pod is to be compared in full again: spread over the second half of a period. */
final class DriftChecks {
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration period;
    private final Map<String, Instant> next = new ConcurrentHashMap<>();
    private final Set<String> demanded = ConcurrentHashMap.newKeySet();

    DriftChecks(Clock clock, RandomGenerator random, Duration period) {
        this.clock = clock;
        this.random = random;
        this.period = period;
    }

    /** It was compared just now. */
    void done(String uid) {
        demanded.remove(uid);
        long half = period.toMillis() / 2;
        next.put(uid, clock.instant().plusMillis(half + random.nextLong(half + 1)));
    }

    /** It is to be compared at its next turn. */
    void demand(String uid) {
        demanded.add(uid);
    }

    /** Whether it was ever compared. */
    boolean isKnown(String uid) {
        return next.containsKey(uid);
    }

    boolean isDue(String uid) {
        return demanded.contains(uid) || isOver(uid);
    }

    /** Those whose period is over, and whose next turn nothing else is to give. */
    List<String> due() {
        return next.keySet().stream()
                .filter(uid -> isOver(uid) && !demanded.contains(uid))
                .toList();
    }

    void forget(String uid) {
        next.remove(uid);
        demanded.remove(uid);
    }

    private boolean isOver(String uid) {
        Instant at = next.get(uid);
        return at != null && !at.isAfter(clock.instant());
    }
}
