package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Examples;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeploymentIT {
    private static final String NETWORK = "vxeth0";

    @RegisterExtension
    static final Stage stage = Stage.named("deployment");

    @BeforeAll
    static void applyExample() {
        Examples.apply("deployment.yaml", stage);
    }

    @Test
    void allPodsPingEachOtherAcrossNodes() {
        List<Pod> pods = scaledTo(4);
        assertEquals(
                Cluster.nodes(),
                pods.stream()
                        .map(pod -> pod.getSpec().getNodeName())
                        .distinct()
                        .sorted()
                        .toList(),
                "pods are on every node");
        Overlays.pingEachOther(NETWORK, pods);
    }

    @Test
    void scalingLeavesExactlyTheRightEntriesInEveryPod() {
        for (int replicas : List.of(4, 10, 2)) {
            Overlays.awaitExact(NETWORK, scaledTo(replicas));
        }
    }

    private static List<Pod> scaledTo(int replicas) {
        Cluster.client()
                .apps()
                .deployments()
                .inNamespace(stage.namespace())
                .withName("members")
                .scale(replicas);
        return stage.ready("example", "members", replicas);
    }
}
