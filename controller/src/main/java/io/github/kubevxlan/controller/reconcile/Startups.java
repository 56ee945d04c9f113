package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long pods take from when their agent was first seen to run, each once. Pods whose agent ran before this controller
 * led don't count, nor does a recovery of one that was ready.
 */
final class Startups {
    private final Ticker ticker;
    private final Meter meter;

    /** When it began; empty for a pod that is not measured, or not any more. */
    private final Map<String, Optional<Duration>> begun = new ConcurrentHashMap<>();

    Startups(Ticker ticker, Meter meter) {
        this.ticker = ticker;
        this.meter = meter;
    }

    /** A pod's agent runs; nobody knows since when. */
    void ranBefore(String uid) {
        begun.putIfAbsent(uid, Optional.empty());
    }

    /** A pod was seen with its agent running. */
    void running(String uid) {
        begun.putIfAbsent(uid, Optional.of(ticker.elapsed()));
    }

    /** Its containers were let go. */
    void complete(String uid) {
        since(uid).ifPresent(meter::complete);
    }

    /** Its peers have it. */
    void ready(String uid) {
        since(uid).ifPresent(meter::ready);
        begun.computeIfPresent(uid, (_, _) -> Optional.empty());
    }

    /** Drops what is known of it. */
    void forget(String uid) {
        begun.remove(uid);
    }

    private Optional<Duration> since(String uid) {
        return begun.getOrDefault(uid, Optional.empty())
                .map(then -> ticker.elapsed().minus(then));
    }
}
