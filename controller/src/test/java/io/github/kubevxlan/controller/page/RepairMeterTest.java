package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.report.ReconcileMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepairMeterTest {
    private static final PodRef POD = new PodRef("uid", "team", "pod");
    private static final IfName LINK = new IfName("vx0");
    private static final List<NetOp> OPS =
            List.of(new NetOp.SetUp(LINK, true), new NetOp.PutAddress(LINK, InterfaceAddress.parse("10.0.0.1/24")));

    private final Changes changes = new Changes(Clock.systemUTC());
    private final RepairMeter meter = new RepairMeter(new ReconcileMetrics(new PrometheusRegistry()), changes);

    @Test
    void whatSomebodyElseHadChangedIsARepair() {
        meter.applied(POD, OPS, true);

        Change repair = changes.since(0).getFirst();
        assertEquals("repaired team pod", repair.kind() + " " + repair.namespace() + " " + repair.pod());
        assertEquals("somebody else had changed it, and it was put right: address, setting", repair.text());
    }

    @Test
    void whatIsWantedAnewIsNone() {
        meter.applied(POD, OPS, false);
        meter.applied(POD, List.of(), true);

        assertEquals(List.of(), changes.since(0));
    }
}
