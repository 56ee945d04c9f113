package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.ObservedPod;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Script;
import io.github.kubevxlan.controller.simulation.Truth.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One pod whose agent never answers, while others come and go. */
class BackoffTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedPod stuck = join("stuck");
    private int tries;
    private boolean heals;

    private final SimulatedController controller = new SimulatedController(cluster, new Random(1), made -> {
        SimulatedAgents all = new SimulatedAgents(cluster, new Random(1), made::term, () -> {});
        return new Agent() {
            @Override
            public ObservedPod run(PodSnapshot pod, Script script) throws AgentException {
                if (pod.ref().equals(stuck.ref) && !heals) {
                    tries++;
                    throw new AgentException("no answer within 10 s");
                }
                return all.run(pod, script);
            }

            @Override
            public void forget(String uid) {}
        };
    });

    @Test
    void peersThatComeAndGoDoNotHastenItsNextTry() {
        controller.lead(1);
        churn(20);

        assertTrue(tries <= 7, () -> tries + " tries in 20 s");
    }

    @Test
    void neitherDoesItsDriftCheck() {
        heals = true;
        controller.lead(1);
        controller.pass(Duration.ofMinutes(1));
        heals = false;
        controller.pass(SimulatedController.RESYNC);
        tries = 0;
        for (int second = 0; second < 600; second++) {
            controller.pass(Duration.ofSeconds(1));
        }

        assertTrue(tries <= 21, () -> tries + " tries in ten minutes");
    }

    @Test
    void whatCameMeanwhileIsThereOnceItAnswers() {
        controller.lead(1);
        churn(20);
        heals = true;
        controller.pass(Duration.ofMinutes(2));

        assertEquals(List.of(), Truth.faults(cluster, Extent.EVERYTHING));
    }

    private void churn(int seconds) {
        cluster.define(Map.of("vx0", "100"));
        for (int second = 0; second < seconds; second++) {
            SimulatedPod other = join("other-" + second);
            controller.watch.deliverAll();
            controller.pass(Duration.ofMillis(500));
            if (second % 2 == 0) {
                cluster.delete(other);
                controller.watch.deliverAll();
            }
            controller.pass(Duration.ofMillis(500));
        }
    }

    private SimulatedPod join(String name) {
        SimulatedPod pod = cluster.create("a", name, Map.of(SimulatedCluster.KEYS.names(), "vx0"));
        pod.startAgent();
        cluster.changed(pod);
        return pod;
    }
}
