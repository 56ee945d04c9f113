package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.report.ReconcileMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepairMeterTest {
    private static final PodRef POD = new PodRef("uid", "team", "pod");
    private final RecentChanges changes = new RecentChanges(Clock.systemUTC());
    private final RepairMeter meter = new RepairMeter(new ReconcileMetrics(new PrometheusRegistry()), changes);

    @Test
    void whatSomebodyElseHadChangedIsARepair() {
        meter.changed(POD, List.of(change(true, "vx0: down, wanted up"), change(false, "vx0: mtu 1400, wanted 1450")));

        PageChange repair = changes.between(0, Long.MAX_VALUE).getFirst();
        assertEquals(
                "repaired team pod",
                repair.kind() + " " + repair.subject().namespace() + " "
                        + repair.subject().pod());
        assertEquals("repaired what somebody else changed: vx0: down, wanted up", repair.text());
    }

    @Test
    void whatIsWantedAnewIsNone() {
        meter.changed(POD, List.of(change(false, "created vx0")));
        meter.changed(POD, List.of());

        assertEquals(List.of(), changes.between(0, Long.MAX_VALUE));
    }

    private static Change change(boolean isRepair, String sentence) {
        return new Change(Change.Kind.SETTING, Change.Action.CHANGED, Optional.of("vx0"), isRepair, sentence);
    }
}
