package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Filter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Packets of strangers that members' filters dropped, as a Prometheus metric. A filter's own counter lives as long as its
 * link; what it shows when its pod is first seen was counted before, by this controller's predecessor or by nobody.
 */
final class DroppedPackets {
    /** Fourteen million a second for the five minutes between two drift checks. */
    private static final long MOST_AT_ONCE = 1L << 32;

    private final Map<String, Map<Filter, Long>> seen = new ConcurrentHashMap<>();
    private final Counter packets;

    DroppedPackets(PrometheusRegistry metrics) {
        packets = Counter.builder()
                .name("kube_vxlan_filter_dropped_packets_total")
                .help("Packets of others than peers that members' filters dropped.")
                .register(metrics);
    }

    /**
     * Counts what was dropped since the last report of the pod that told of filters. A user's own agent may report any
     * filters and numbers: kept are the filters that it was asked about, and one report adds so many packets at most.
     */
    void reported(String uid, Collection<Filter> asked, ObservedPod pod) {
        pod.filters().map(ObservedFilters::dropped).ifPresent(told -> {
            Map<Filter, Long> now = new HashMap<>();
            asked.forEach(filter -> now.put(filter, Math.max(0, told.getOrDefault(filter, 0L))));
            Optional<Map<Filter, Long>> before = Optional.ofNullable(seen.put(uid, Map.copyOf(now)));
            before.ifPresent(known -> now.forEach((filter, count) ->
                    packets.inc(Math.min(since(known.getOrDefault(filter, 0L), count), MOST_AT_ONCE))));
        });
    }

    void forget(String uid) {
        seen.remove(uid);
    }

    /** One that shows less than before began anew. */
    private static long since(long before, long now) {
        return now < before ? now : now - before;
    }
}
