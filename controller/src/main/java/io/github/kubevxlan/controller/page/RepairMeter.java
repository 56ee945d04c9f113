package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.report.ReconcileMetrics;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Another meter, from whose use it is known what was repaired. */
public final class RepairMeter implements Meter {
    private final Meter meter;
    private final Changes changes;

    /** Takes the meter, and where changes go. */
    public RepairMeter(Meter meter, Changes changes) {
        this.meter = meter;
        this.changes = changes;
    }

    @Override
    public void reconciled(Outcome outcome, Duration took) {
        meter.reconciled(outcome, took);
    }

    @Override
    public void retry() {
        meter.retry();
    }

    @Override
    public void complete(Duration sinceAgentRan) {
        meter.complete(sinceAgentRan);
    }

    @Override
    public void ready(Duration sinceAgentRan) {
        meter.ready(sinceAgentRan);
    }

    @Override
    public void applied(PodRef pod, List<NetOp> ops, boolean isDrift) {
        if (isDrift && !ops.isEmpty()) {
            String kinds =
                    ops.stream().map(ReconcileMetrics::kind).distinct().sorted().collect(Collectors.joining(", "));
            changes.add(Change.Kind.REPAIRED, pod, "", "somebody else had changed it, and it was put right: " + kinds);
        }
        meter.applied(pod, ops, isDrift);
    }
}
