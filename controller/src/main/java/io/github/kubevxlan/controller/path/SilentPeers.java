package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.reconcile.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Members whose agents did not answer the controller when they were to answer probes. Each such request holds one of the few
 * places for seconds, so such a member is asked ever more rarely, whichever member is to measure.
 */
final class SilentPeers {
    private static final Backoff PAUSE = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(10));

    private final Ticker ticker;
    private final RandomGenerator random;
    private final Map<String, Silence> byUid = new ConcurrentHashMap<>();

    /**
     * How long one is silent.
     *
     * @param times how often in a row it did not answer
     * @param until when it is not to be asked
     */
    private record Silence(int times, Duration until) {}

    SilentPeers(Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        this.random = random;
    }

    /** Whether a pod is not to be asked now. */
    boolean has(String uid) {
        Silence silence = byUid.get(uid);
        return silence != null && silence.until().compareTo(ticker.elapsed()) > 0;
    }

    /** A pod's agent did not answer. */
    void add(String uid) {
        byUid.compute(uid, (_, before) -> {
            int times = before == null ? 1 : before.times() + 1;
            return new Silence(times, ticker.elapsed().plus(PAUSE.after(times, random)));
        });
    }

    /** A pod's agent answered, or the pod is gone. */
    void forget(String uid) {
        byUid.remove(uid);
    }
}
