package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** When each pod is to be compared in full again: spread over the second half of a period. */
final class DriftChecks {
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Duration period;
    private final Map<String, Duration> next = new ConcurrentHashMap<>();
    private final Set<String> marked = ConcurrentHashMap.newKeySet();

    DriftChecks(Ticker ticker, RandomGenerator random, Duration period) {
        this.ticker = ticker;
        this.random = random;
        this.period = period;
    }

    /** It was compared just now. */
    void done(String uid) {
        marked.remove(uid);
        postpone(uid);
    }

    /** It was compared just now, but for what was marked due. */
    void postpone(String uid) {
        long half = period.toMillis() / 2;
        next.put(uid, ticker.elapsed().plusMillis(half + random.nextLong(half + 1)));
    }

    /** It is to be compared at its next reconcile. */
    void markDue(String uid) {
        marked.add(uid);
    }

    /** Whether it was ever compared. */
    boolean isKnown(String uid) {
        return next.containsKey(uid);
    }

    boolean isDue(String uid) {
        return marked.contains(uid) || isOver(uid);
    }

    /** Those whose period is over. */
    List<String> due() {
        return next.keySet().stream().filter(this::isOver).toList();
    }

    void forget(String uid) {
        next.remove(uid);
        marked.remove(uid);
    }

    /** Whether its period is over. */
    boolean isOver(String uid) {
        Duration at = next.get(uid);
        return at != null && at.compareTo(ticker.elapsed()) <= 0;
    }
}
