package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tracks since when members have not been ready. Their number says little: while pods come and go, some are always not
 * ready for a moment.
 */
public final class NotReady {
    private final Ticker ticker;
    private Map<String, Map<String, Duration>> since = Map.of();

    /** Takes a clock. */
    public NotReady(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Takes the UIDs of those that are not ready now by network; to be called every few seconds. */
    public synchronized void check(Map<String, Set<String>> notReady) {
        Duration now = ticker.elapsed();
        Map<String, Map<String, Duration>> before = since;
        since = notReady.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, network -> {
            Map<String, Duration> known = before.getOrDefault(network.getKey(), Map.of());
            return network.getValue().stream()
                    .collect(Collectors.toUnmodifiableMap(uid -> uid, uid -> known.getOrDefault(uid, now)));
        }));
    }

    /** How long the one that waits longest has not been ready by network, names in order; zero where all are. */
    public synchronized SortedMap<String, Duration> longest() {
        Duration now = ticker.elapsed();
        SortedMap<String, Duration> longest = new TreeMap<>();
        since.forEach((network, times) -> longest.put(
                network,
                times.values().stream().min(Duration::compareTo).map(now::minus).orElse(Duration.ZERO)));
        return longest;
    }
}
