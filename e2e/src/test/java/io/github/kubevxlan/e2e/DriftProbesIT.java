package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Paths;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code controller.probePeers} members of every network measure their paths at each drift check. */
@Alone("has members measure their paths at drift checks, and those often")
class DriftProbesIT {
    private static final String NETWORK = "e2e-drift";
    private static final int VNI = 8592;

    @RegisterExtension
    static final Stage stage = Stage.named("drift");

    @AfterEach
    void mendTheUnderlay() {
        Paths.mend();
    }

    @Test
    void aPathThatBreaksIsToldByTheNextDriftCheckAndNobodyIsUnready() {
        try (Release _ = Release.with("--set=controller.probePeers=1,controller.resync=20s")) {
            stage.define(NETWORK, "id=" + VNI);
            List<Pod> pods = stage.start(
                    Pods.onNode(0, Pods.member("left", NETWORK + " ip=10.85.92.1/24")),
                    Pods.onNode(1, Pods.member("right", NETWORK + " ip=10.85.92.2/24")));
            Pod left = pods.getFirst();
            Pod right = pods.getLast();
            Paths.awaitMetric("kube_vxlan_path_mtu_bytes", NETWORK, left, right, 1450);
            Paths.awaitMetric("kube_vxlan_path_mtu_bytes", NETWORK, right, left, 1450);
            String since = Status.ready(stage.pod("left"));

            Paths.drop(Set.of(VNI), "counter");
            Status.awaitStates(left, Map.of(NETWORK, "Degraded"));
            stage.awaitEvent(
                    "left",
                    "PathBroken",
                    "no packet passes to " + right.getSpec().getNodeName());
            Paths.awaitMetric("kube_vxlan_path_missing_bytes", NETWORK, left, right, 1450);
            assertEquals(since, Status.ready(stage.pod("left")), "it never was unready");

            Paths.mend();
            Status.awaitStates(left, Map.of(NETWORK, "Ready"));
            stage.awaitEvent("left", "PathMended", right.getSpec().getNodeName());
            Paths.awaitMetric("kube_vxlan_path_missing_bytes", NETWORK, left, right, 0);
        }
    }
}
