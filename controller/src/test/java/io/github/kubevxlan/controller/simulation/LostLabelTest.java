package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member that loses its label while its agent can't be used: its interface has to go all the same. */
class LostLabelTest {
    private static final Duration LONG = Duration.ofMinutes(30);

    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedController controller = new SimulatedController(
            cluster, new Random(1), made -> new SimulatedAgents(cluster, new Random(1), made::epoch, () -> {}));
    private final SimulatedPod pod = cluster.create("a", "pod", Map.of(SimulatedCluster.KEYS.names(), "vx0"));

    @BeforeEach
    void join() {
        cluster.define(Map.of("vx0", "100"));
        pod.startAgent();
        cluster.changed(pod);
        controller.watch.deliverAll();
        controller.lead(1);
        controller.pass(Duration.ofSeconds(3));
        assertEquals(Set.of("eth0", "lo", "vx0"), Set.copyOf(pod.kernel.names()));
    }

    @Test
    void itsInterfaceGoesOnceItsAgentAnswersHoweverLate() {
        loseLabel();
        controller.pass(LONG);

        pod.agent = AgentState.RUNNING;
        controller.pass(SimulatedController.RESYNC);

        assertEquals(Set.of("eth0", "lo"), Set.copyOf(pod.kernel.names()));
    }

    @Test
    void aPodThatIsGoneIsLookedAtNoMore() {
        loseLabel();
        controller.pass(LONG);
        cluster.delete(pod);
        controller.pass(SimulatedController.RESYNC);
        int reads = cluster.reads;

        controller.pass(SimulatedController.RESYNC.multipliedBy(3));

        assertEquals(reads, cluster.reads);
    }

    @Test
    void anApiServerThatCantBeReadMakesNoTryRarer() {
        cluster.unreadable = true;
        loseLabel();
        controller.pass(LONG);

        cluster.unreadable = false;
        pod.agent = AgentState.RUNNING;
        controller.pass(Duration.ofMinutes(2));

        assertEquals(Set.of("eth0", "lo"), Set.copyOf(pod.kernel.names()));
    }

    private void loseLabel() {
        pod.agent = AgentState.WAITING;
        cluster.label(pod, false);
        controller.watch.deliverAll();
    }
}
