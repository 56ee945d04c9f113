package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A copy of a member has the member's agent, and not its label: the watch of members tells nothing of it. */
class CopyTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedController controller = new SimulatedController(
            cluster, new Random(1), made -> new SimulatedAgents(cluster, new Random(1), made::epoch, () -> {}));

    @Test
    void itsAppIsLetGo() {
        controller.lead(1);
        controller.pass(Duration.ofSeconds(1));
        SimulatedPod copy = cluster.create("a", "copy", Map.of(), AgentState.WAITING);
        copy.labelled = false;
        controller.real.unlabelled(copy.snapshot());
        controller.pass(Duration.ofSeconds(1));
        assertFalse(copy.kernel.isMarked());

        copy.startAgent();
        controller.real.unlabelled(copy.snapshot());
        controller.pass(Duration.ofSeconds(1));

        assertTrue(copy.kernel.isMarked());
    }
}
