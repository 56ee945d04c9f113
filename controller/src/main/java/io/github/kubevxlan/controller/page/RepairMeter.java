package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Another meter, from whose use it is known what was repaired. */
public final class RepairMeter implements Meter {
    private final Meter meter;
    private final RecentChanges changes;

    /** Takes the meter, and where changes go. */
    public RepairMeter(Meter meter, RecentChanges changes) {
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
    public void changed(PodRef pod, List<Change> made) {
        String repairs =
                made.stream().filter(Change::isRepair).map(Change::sentence).collect(Collectors.joining("; "));
        if (!repairs.isEmpty()) {
            changes.add(PageChange.Kind.REPAIRED, pod, "", "repaired what somebody else changed: " + repairs);
        }
        meter.changed(pod, made);
    }
}
