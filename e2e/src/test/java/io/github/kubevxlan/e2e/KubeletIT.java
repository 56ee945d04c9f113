package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import io.github.kubevxlan.e2e.scenario.KubeletOutage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Alone("kills a kubelet, and cuts a node off")
class KubeletIT {
    @RegisterExtension
    static final Stage stage = Stage.named("kubelet");

    @Test
    void aDeadKubeletDelaysNobodyElseAndItsPodsAreRightAfterItIsBack() {
        KubeletOutage.play(stage, 8120, Duration.ofSeconds(15));
    }

    @Test
    void aPodIsReadyWhileThePeerOnANodeThatIsCutOffCanNotBeTold() {
        String leader = Controller.leader();
        String here = Controller.pod(leader).getSpec().getNodeName();
        int near = Cluster.nodes().indexOf(here);
        String away = Cluster.nodes().get(1 - near);
        stage.define("e2e-cut-off", "8122");
        List<Pod> pods = stage.start(
                Pods.onNode(near, Pods.member("cut-near", "e2e-cut-off")),
                Pods.onNode(1 - near, Pods.member("cut-far", "e2e-cut-off")));
        Declared.all(pods, Net.of("e2e-cut-off", 8122)).awaitExact();

        Lab.unplug(away);
        Pod joined;
        try {
            Pod joins = Pods.onNode(near, Pods.member("cut-joins", "e2e-cut-off"));
            Await.until("a webhook that is not cut off takes the pod", () -> {
                stage.create(joins);
                return Optional.empty();
            });
            stage.awaitAgent("cut-joins");
            joined = stage.pod("cut-joins");
            Declared.all(pods, Net.of("e2e-cut-off", 8122))
                    .and(joined, Net.of("e2e-cut-off", 8122))
                    .awaitExactIn(List.of(pods.getFirst(), joined));
            assertFalse(Lab.sendsTo(pods.get(1), Pods.ip(joined)), "the one that is cut off was not told");
            assertTrue(Cluster.isReady(away), "nobody has noticed that the node is cut off");
            stage.ready("cut-joins");
            assertEquals(leader, Controller.leader());
        } finally {
            Lab.plugIn(away);
        }
        Declared.all(List.of(pods.get(0), pods.get(1), joined), Net.of("e2e-cut-off", 8122))
                .awaitExact();
        Controller.awaitReady();
        Webhook.awaitReady();
    }
}
