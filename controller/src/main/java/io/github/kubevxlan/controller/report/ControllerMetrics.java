package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.address.PoolUse;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.reconcile.WorkQueue;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** State of the controller as Prometheus metrics, which are computed when they are scraped. */
public final class ControllerMetrics {
    /** Networks beyond, in name order, get no samples, so that definitions can't fill a Prometheus. */
    static final int MOST_NETWORKS = 500;

    /** Versions that fewer pods have get no samples: an agent that a user brings may tell any. */
    static final int MOST_VERSIONS = 20;

    private final PrometheusRegistry metrics;

    /** Takes where they are registered. */
    public ControllerMetrics(PrometheusRegistry metrics) {
        this.metrics = metrics;
    }

    /** Adds a number that goes up and down; the name comes without our prefix and with its unit. */
    public ControllerMetrics gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name("kube_vxlan_" + name)
                .help(help)
                .callback(metric -> metric.call(value.getAsDouble()))
                .register(metrics);
        return this;
    }

    /** Adds a number that only goes up; the name comes without our prefix and ends in {@code _total}. */
    public ControllerMetrics counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name("kube_vxlan_" + name)
                .help(help)
                .callback(metric -> metric.call((double) value.getAsLong()))
                .register(metrics);
        return this;
    }

    /** Adds the members of each network by state. */
    public ControllerMetrics members(Supplier<SortedMap<String, Map<NetworkStatus.State, Long>>> states) {
        GaugeWithCallback.builder()
                .name("kube_vxlan_members")
                .help("Members by network and by the state in their status.")
                .labelNames("network", "state")
                .callback(metric -> states.get().entrySet().stream()
                        .limit(MOST_NETWORKS)
                        .forEach(network -> network.getValue()
                                .forEach((state, count) -> metric.call((double) count, network.getKey(), word(state)))))
                .register(metrics);
        return this;
    }

    /** Adds the longest time that a member of each network has not been ready. */
    public ControllerMetrics notReady(Supplier<SortedMap<String, Duration>> longest) {
        GaugeWithCallback.builder()
                .name("kube_vxlan_members_not_ready_seconds")
                .help("Longest time that a member of a network has not been ready; 0 if all are ready.")
                .labelNames("network")
                .callback(metric -> longest.get().entrySet().stream()
                        .limit(MOST_NETWORKS)
                        .forEach(
                                network -> metric.call(ReconcileMetrics.seconds(network.getValue()), network.getKey())))
                .register(metrics);
        return this;
    }

    /** Adds the pods by the version of their agent. */
    public ControllerMetrics agents(Supplier<SortedMap<String, Long>> versions) {
        GaugeWithCallback.builder()
                .name("kube_vxlan_agents")
                .help("Pods by the version of the agent in their status.")
                .labelNames("version")
                .callback(metric -> versions.get().entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(MOST_VERSIONS)
                        .forEach(version -> metric.call((double) version.getValue(), version.getKey())))
                .register(metrics);
        return this;
    }

    /** Adds the addresses of each network's pools. */
    public ControllerMetrics addresses(Supplier<List<PoolUse>> uses) {
        GaugeWithCallback.builder()
                .name("kube_vxlan_addresses")
                .help("Addresses of subnets by network, family and use.")
                .labelNames("network", "family", "use")
                .callback(metric -> uses.get().stream()
                        .limit(2L * MOST_NETWORKS)
                        .forEach(use -> {
                            metric.call(
                                    use.used().doubleValue(),
                                    use.network(),
                                    use.family().toString(),
                                    "used");
                            metric.call(
                                    use.free().doubleValue(),
                                    use.network(),
                                    use.family().toString(),
                                    "free");
                        }))
                .register(metrics);
        return this;
    }

    /** Adds what waits for a reconcile. */
    public ControllerMetrics queue(Supplier<WorkQueue.Load> load) {
        return gauge(
                        "queue_depth",
                        "Pods that wait for a reconcile or are being reconciled.",
                        () -> load.get().keys())
                .gauge(
                        "queue_oldest_seconds",
                        "How long ago the oldest of these pods was added.",
                        () -> load.get().oldest().toMillis() / 1000.0);
    }

    private static String word(NetworkStatus.State state) {
        String name = state.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
