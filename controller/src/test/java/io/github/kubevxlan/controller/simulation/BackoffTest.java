package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.simulation.Truth.Extent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One pod whose agent never answers, while others come and go. */
class BackoffTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedPod stuck = join("stuck");
    private int tries;
    private boolean heals;
    private Supplier<String> words = () -> "no answer within 10 s";

    private final SimulatedController controller = new SimulatedController(cluster, new Random(1), made -> {
        SimulatedAgents all = new SimulatedAgents(cluster, new Random(1), made::epoch, () -> {});
        return new Agent() {
            @Override
            public ObservedPod run(PodSnapshot pod, Script script) throws AgentException {
                if (pod.ref().equals(stuck.ref) && !heals) {
                    tries++;
                    throw new AgentException(words.get());
                }
                return all.run(pod, script);
            }

            @Override
            public boolean hasSession(PodSnapshot pod) {
                return true;
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

    /** An agent of somebody's own may fail in ever new words; each is told in its pod's status, whose events come back. */
    @Test
    void neitherDoesWhatIsWrittenOnIt() {
        words = () -> "failure number " + tries;
        Set<String> told = new HashSet<>();
        cluster.define(Map.of("vx0", "100"));
        controller.lead(1);
        controller.watch.deliverAll();
        for (int tenth = 0; tenth < 1200; tenth++) {
            controller.pass(Duration.ofMillis(100));
            controller.watch.deliverAll();
            stuck.status.forEach(network -> told.add(network.message()));
        }

        assertTrue(tries <= 11, () -> tries + " tries in two minutes");
        assertTrue(told.size() >= 2 && told.size() <= 3, () -> "in two minutes told: " + told);
    }

    @Test
    void neitherDoesAnEditOfAnotherNetwork() {
        cluster.define(Map.of("vx0", "100"));
        controller.lead(1);
        for (int second = 0; second < 120; second++) {
            cluster.define(Map.of("vx0", "100", "vx1", "id=101 mtu=" + (1000 + second)));
            controller.watch.deliverAll();
            controller.pass(Duration.ofSeconds(1));
        }

        assertTrue(tries <= 11, () -> tries + " tries in two minutes");
    }

    @Test
    void anEditOfItsOwnNetworkIsTriedAtOnce() {
        cluster.define(Map.of("vx0", "100"));
        controller.lead(1);
        controller.watch.deliverAll();
        controller.pass(Duration.ofMinutes(5));
        tries = 0;
        cluster.define(Map.of("vx0", "101"));
        controller.watch.deliverAll();
        controller.pass(Duration.ofMillis(100));

        assertEquals(1, tries);
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

        assertEquals(List.of(), Truth.faults(cluster, Extent.EVERYTHING, 0));
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
