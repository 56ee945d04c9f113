package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.github.kubevxlan.cli.state.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrialPodsTest {
    private final MockCluster cluster = new MockCluster();
    private final TrialPods pods = new TrialPods(cluster.client(), Clusters.SETTINGS.keys(), "lab");

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nodesThatTakePodsForLinuxGetOne() {
        node("linux", "linux", true, false);
        node("windows", "windows", true, false);
        node("tainted", "linux", true, true);
        node("down", "linux", false, false);

        assertEquals(List.of("linux"), pods.nodes());
    }

    /** As when Ctrl-C comes while pods are made. */
    @Test
    void podsAreRemovedOnceAndNoneIsMadeAfterThat() {
        pods.make("node1", "agent:1", "vxeth1");
        pods.make("node2", "agent:1", "vxeth1");
        assertEquals(2, running());

        pods.close();
        assertEquals(0, running());
        assertThrows(CommandFailure.class, () -> pods.make("node3", "agent:1", "vxeth1"));
        assertEquals(0, running());

        pods.close();
        assertEquals(List.of(), pods.awaitReady());
    }

    private int running() {
        return cluster.client().pods().inNamespace("lab").list().getItems().size();
    }

    private void node(String name, String system, boolean isReady, boolean isTainted) {
        NodeBuilder node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/os", system))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(isReady ? "True" : "False")
                .endCondition()
                .endStatus();
        if (isTainted) {
            node.editSpec()
                    .addNewTaint()
                    .withKey("own")
                    .withEffect("NoSchedule")
                    .endTaint()
                    .endSpec();
        }
        cluster.client().resource(node.build()).create();
    }
}
