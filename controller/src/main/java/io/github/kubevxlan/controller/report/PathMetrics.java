package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.path.Path;
import io.github.kubevxlan.controller.path.PathMeter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Paths between members as Prometheus metrics: a series for each network and pair of nodes, {@link #MOST} of them at most.
 * A pair is dropped when one of the two members that it was last measured between is gone or is no longer measured in the
 * network, until another measures it, and when there are too many, the one that was measured longest ago.
 */
public final class PathMetrics implements PathMeter {
    static final int MOST = 4_096;

    private static final String[] LABELS = {"network", "from", "to"};

    private final Map<Path, Seen> byPath = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Seen> eldest) {
            return size() > MOST;
        }
    };

    /** What was measured last, and what all measurements counted. */
    private record Seen(Ends ends, PathReport last, Totals totals) {}

    private record Totals(long sent, long lost, long badChecksums) {
        Totals and(PathReport report) {
            return new Totals(
                    sent + report.sent(),
                    lost + report.sent() - report.answered(),
                    badChecksums + report.badChecksums());
        }
    }

    /** Registers the metrics. */
    public PathMetrics(PrometheusRegistry metrics) {
        gauge(
                metrics,
                "kube_vxlan_path_rtt_seconds",
                "Shortest round trip of the last probe by network and nodes.",
                seen -> seen.last().rtt().map(ReconcileMetrics::seconds));
        gauge(
                metrics,
                "kube_vxlan_path_mtu_bytes",
                "Largest packet that passed both ways in the last probe by network and nodes; 0 if none did.",
                seen -> Optional.of((double) seen.last().size().passes()));
        gauge(
                metrics,
                "kube_vxlan_path_missing_bytes",
                "By how much the largest packet that passed is smaller than the interfaces' MTU, by network and nodes.",
                seen -> Optional.of((double) Math.max(
                        0, seen.last().size().wanted() - seen.last().size().passes())));
        counter(
                metrics,
                "kube_vxlan_path_probes_total",
                "Small packets that probes sent by network and nodes.",
                Totals::sent);
        counter(
                metrics,
                "kube_vxlan_path_probes_lost_total",
                "Small packets of probes that were not answered by network and nodes.",
                Totals::lost);
        counter(
                metrics,
                "kube_vxlan_path_bad_checksums_total",
                "UDP packets with broken checksums that both ends of a probe received meanwhile, by network and nodes.",
                Totals::badChecksums);
    }

    private void gauge(PrometheusRegistry metrics, String name, String help, Function<Seen, Optional<Double>> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(LABELS)
                .callback(metric -> all().forEach((path, seen) -> value.apply(seen)
                        .ifPresent(number -> metric.call(number, path.network(), path.from(), path.to()))))
                .register(metrics);
    }

    private void counter(PrometheusRegistry metrics, String name, String help, Function<Totals, Long> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(LABELS)
                .callback(metric -> all().forEach((path, seen) ->
                        metric.call(value.apply(seen.totals()).doubleValue(), path.network(), path.from(), path.to())))
                .register(metrics);
    }

    private synchronized Map<Path, Seen> all() {
        return Map.copyOf(byPath);
    }

    @Override
    public synchronized void measured(Path path, Ends ends, PathReport report) {
        Seen before = byPath.get(path);
        Totals totals = before == null ? new Totals(0, 0, 0) : before.totals();
        byPath.put(path, new Seen(ends, report, totals.and(report)));
    }

    @Override
    public synchronized void only(String uid, Set<String> networks) {
        byPath.entrySet()
                .removeIf(each -> each.getValue().ends().has(uid)
                        && !networks.contains(each.getKey().network()));
    }

    @Override
    public synchronized void forget(String uid) {
        byPath.values().removeIf(seen -> seen.ends().has(uid));
    }
}
