package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;

/** Reconciles as Prometheus metrics. */
public final class ReconcileMetrics implements Meter {
    /** Seconds; an agent has ten by default, several times in a reconcile. */
    static final double[] CALL_BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    /** Seconds; what a user waits for. */
    private static final double[] START_BOUNDS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300};

    private static final List<String> KINDS =
            List.of("link", "setting", "address", "route", "fdb", "neighbour", "filter");

    private final Histogram reconciles;
    private final Histogram complete;
    private final Histogram ready;
    private final Counter retries;
    private final Counter links;
    private final Counter drift;

    /** Registers them. */
    public ReconcileMetrics(PrometheusRegistry metrics) {
        reconciles = Histogram.builder()
                .name("kube_vxlan_reconcile_duration_seconds")
                .help("Time that bringing one pod to what it should be took, by outcome.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(CALL_BOUNDS)
                .register(metrics);
        complete = start("kube_vxlan_member_complete_seconds", "its networks are complete", metrics);
        ready = start("kube_vxlan_member_ready_seconds", "every reachable peer has it in its tables", metrics);
        retries = Counter.builder()
                .name("kube_vxlan_retries_total")
                .help("Attempts at a pod that failed and are made again.")
                .register(metrics);
        links = Counter.builder()
                .name("kube_vxlan_links_made_total")
                .help("Interfaces that agents were told to make.")
                .register(metrics);
        drift = Counter.builder()
                .name("kube_vxlan_drift_repaired_total")
                .help("Comparisons that found a change by somebody else and put it right, by kind.")
                .labelNames("kind")
                .register(metrics);
        KINDS.forEach(drift::initLabelValues);
    }

    private static Histogram start(String name, String what, PrometheusRegistry metrics) {
        return Histogram.builder()
                .name(name)
                .help("Time from when a pod's agent ran to when " + what + ".")
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
    public void applied(PodRef pod, List<NetOp> ops, boolean isDrift) {
        links.inc(ops.stream().filter(NetOp.AddLink.class::isInstance).count());
        if (isDrift) {
            ops.stream()
                    .map(ReconcileMetrics::kind)
                    .distinct()
                    .forEach(kind -> drift.labelValues(kind).inc());
        }
    }

    /** What a change is about, in one of a few words. */
    public static String kind(NetOp op) {
        return switch (op) {
            case NetOp.AddLink _, NetOp.DelLink _ -> "link";
            case NetOp.Rename _,
                    NetOp.SetAlias _,
                    NetOp.SetUnderlay _,
                    NetOp.SetAttributes _,
                    NetOp.SetMtu _,
                    NetOp.SetMac _,
                    NetOp.SetUp _ -> "setting";
            case NetOp.PutAddress _, NetOp.DelAddress _ -> "address";
            case NetOp.AddRoute _, NetOp.DelRoute _ -> "route";
            case NetOp.PutEntry put -> kind(put.entry());
            case NetOp.DelEntry del -> kind(del.entry());
            case NetOp.PutFilter _, NetOp.DelFilter _, NetOp.DelFilters _, NetOp.SetGuard _ -> "filter";
        };
    }

    private static String kind(Entry entry) {
        return switch (entry) {
            case Entry.Flood _, Entry.Unicast _ -> "fdb";
            case Entry.Neighbour _ -> "neighbour";
            case Entry.Admitted _ -> "filter";
        };
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
