package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.Change.Action;
import io.github.kubevxlan.controller.diff.Change.Kind;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reconciles as Prometheus metrics. */
public final class ReconcileMetrics implements Meter {
    /** Seconds; an agent has ten by default, several times in a reconcile. */
    static final double[] CALL_BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    /** Seconds; what a user waits for. */
    private static final double[] START_BOUNDS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300};

    private final Histogram reconciles;
    private final Histogram complete;
    private final Histogram ready;
    private final Counter retries;
    private final Counter links;
    private final Counter recreated;
    private final Counter drift;

    /** Registers them. */
    public ReconcileMetrics(PrometheusRegistry metrics) {
        reconciles = Histogram.builder()
                .name("kube_vxlan_reconcile_duration_seconds")
                .help("Time of one reconcile of a pod, by outcome.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(CALL_BOUNDS)
                .register(metrics);
        complete = start("kube_vxlan_member_complete_seconds", "its networks are complete", metrics);
        ready = start("kube_vxlan_member_ready_seconds", "every reachable peer has it in its tables", metrics);
        retries = Counter.builder()
                .name("kube_vxlan_retries_total")
                .help("Failed attempts that the controller repeats.")
                .register(metrics);
        links = Counter.builder()
                .name("kube_vxlan_links_made_total")
                .help("Interfaces that the controller told agents to create.")
                .register(metrics);
        recreated = Counter.builder()
                .name("kube_vxlan_links_recreated_total")
                .help("Interfaces that the controller told agents to create in place of one that was gone or could"
                        + " not be changed as it was.")
                .register(metrics);
        drift = Counter.builder()
                .name("kube_vxlan_drift_repaired_total")
                .help("Comparisons that found and repaired a change by somebody else, by kind.")
                .labelNames("kind")
                .register(metrics);
        Stream.of(Kind.values()).map(ReconcileMetrics::word).forEach(drift::initLabelValues);
    }

    private static Histogram start(String name, String what, PrometheusRegistry metrics) {
        return Histogram.builder()
                .name(name)
                .help("Time from the start of a pod's agent until " + what + ".")
                .classicOnly()
                .classicUpperBounds(START_BOUNDS)
                .register(metrics);
    }

    @Override
    public void reconciled(Outcome outcome, Duration took) {
        String word = switch (outcome) {
            case Outcome.Settled _ -> "settled";
            case Outcome.Idle _ -> "idle";
            case Outcome.Failed _ -> "failed";
        };
        reconciles.labelValues(word).observe(seconds(took));
    }

    @Override
    public void retry() {
        retries.inc();
    }

    @Override
    public void complete(Duration sinceAgentRan) {
        complete.observe(seconds(sinceAgentRan));
    }

    @Override
    public void ready(Duration sinceAgentRan) {
        ready.observe(seconds(sinceAgentRan));
    }

    @Override
    public void changed(PodRef pod, List<Change> changes) {
        links.inc(changes.stream()
                .filter(change -> change.action() == Action.CREATED || change.action() == Action.RECREATED)
                .count());
        recreated.inc(changes.stream()
                .filter(change -> change.action() == Action.RECREATED)
                .count());
        changes.stream()
                .filter(Change::isRepair)
                .map(Change::kind)
                .distinct()
                .forEach(kind -> drift.labelValues(word(kind)).inc());
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
