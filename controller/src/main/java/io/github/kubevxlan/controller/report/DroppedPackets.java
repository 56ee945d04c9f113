package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Filter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Packets of strangers that members' filters dropped, as a Prometheus metric. A filter's own counter lives as long as its
 * link; what it shows when its pod is first seen was counted before, by this controller's predecessor or by nobody.
 */
final class DroppedPackets {
    private final Map<String, Map<Filter, Long>> seen = new ConcurrentHashMap<>();
    private final Counter packets;

    DroppedPackets(PrometheusRegistry metrics) {
        packets = Counter.builder()
                .name("kube_vxlan_filter_dropped_packets_total")
                .help("Packets of others than peers that members' filters dropped.")
                .register(metrics);
    }

    /** Counts what was dropped since the last report of the pod that told of filters. */
    void reported(String uid, ObservedPod pod) {
        pod.filters().map(ObservedFilters::dropped).ifPresent(now -> {
            Optional<Map<Filter, Long>> before = Optional.ofNullable(seen.put(uid, now));
            before.ifPresent(known ->
                    now.forEach((filter, count) -> packets.inc(since(known.getOrDefault(filter, 0L), count))));
        });
    }

    void forget(String uid) {
        seen.remove(uid);
    }

    /** One that shows less than before began anew. The number is an agent's, which may tell any. */
    private static long since(long before, long now) {
        long from = Math.max(0, before);
        long to = Math.max(0, now);
        return to < from ? to : to - from;
    }
}
