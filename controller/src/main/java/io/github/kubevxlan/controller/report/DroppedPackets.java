package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Packets that members' filters dropped, as Prometheus metrics: those of strangers, and those that port security refused,
 * by reason. A counter in the kernel lives as long as its link; what it shows when its pod is first seen was counted
 * before, by this controller's predecessor or by nobody.
 */
final class DroppedPackets {
    /** Fourteen million a second for the five minutes between two drift checks. */
    private static final long MOST_AT_ONCE = 1L << 32;

    private final Map<String, Map<Name, Long>> seen = new ConcurrentHashMap<>();
    private final Counter packets;
    private final Counter refused;

    /** A counter in the kernel: the filter's, or one of its port security. */
    private record Name(Filter filter, Optional<Refusal> refusal) {}

    DroppedPackets(PrometheusRegistry metrics) {
        packets = Counter.builder()
                .name("kube_vxlan_filter_dropped_packets_total")
                .help("Packets of others than peers that members' filters dropped.")
                .register(metrics);
        refused = Counter.builder()
                .name("kube_vxlan_security_refused_packets_total")
                .help("Packets that members received and their senders must not send, by reason (port security).")
                .labelNames("reason")
                .register(metrics);
    }

    /**
     * Counts what was dropped since the last report of the pod that told of filters. A user's own agent may report any
     * filters and numbers: kept are the filters that it was asked about, and one report adds so many packets at most.
     */
    void reported(String uid, ReportRequest asked, ObservedPod pod) {
        pod.filters().ifPresent(told -> {
            Map<Name, Long> now = new HashMap<>();
            asked.filters()
                    .forEach(filter -> now.put(
                            new Name(filter, Optional.empty()), told.dropped().getOrDefault(filter, 0L)));
            asked.secured().forEach(filter -> {
                Map<Refusal, Long> reasons = told.security().refused().getOrDefault(filter, Map.of());
                reasons.forEach((reason, count) -> now.put(new Name(filter, Optional.of(reason)), count));
            });
            now.replaceAll((_, count) -> Math.max(0, count));
            Optional<Map<Name, Long>> before = Optional.ofNullable(seen.put(uid, Map.copyOf(now)));
            before.ifPresent(known -> now.forEach((name, count) ->
                    count(name, Math.min(since(known.getOrDefault(name, 0L), count), MOST_AT_ONCE))));
        });
    }

    void forget(String uid) {
        seen.remove(uid);
    }

    private void count(Name name, long more) {
        name.refusal()
                .ifPresentOrElse(
                        reason -> refused.labelValues(reason.toString()).inc(more), () -> packets.inc(more));
    }

    /** One that shows less than before began anew. */
    private static long since(long before, long now) {
        return now < before ? now : now - before;
    }
}
