package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.simulation.Truth.Extent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Pods that come together, in any order of events, scripts and whatever happens while a script is under way: none is ready before
 * everybody with an interface sends to it, and none waits for one that has none yet.
 */
class JoinTogetherTest {
    private static final List<String> NETWORKS = List.of("vx0", "vx1");
    private static final int PODS = 6;
    private static final int ORDERS = 50;
    private static final int DEEPEST = 3;

    private int readyBeforeOthers;

    @Test
    void aPodIsReadyOnceAllThatCanSendKnowIt() {
        for (int order = 0; order < ORDERS; order++) {
            new Join(order).run();
        }
        assertTrue(readyBeforeOthers > 0, "pods that became ready while others were seen to run and had no interface");
    }

    /** One order of what happens. */
    private final class Join {
        private final int order;
        private final Random random;
        private final SimulatedCluster cluster = new SimulatedCluster();
        private final SimulatedController controller;
        private int scheduled;
        private final Set<SimulatedPod> ready = new HashSet<>();
        private int depth;
        private boolean passing;

        Join(int order) {
            this.order = order;
            this.random = new Random(order);
            cluster.define(Map.of("vx0", "100", "vx1", "id=101 subnet=10.1.0.0/24"));
            controller = new SimulatedController(
                    cluster, random, made -> new SimulatedAgents(cluster, random, made::epoch, this::meanwhile));
            controller.lead(1);
            settle();
        }

        void run() {
            while (scheduled < PODS || cluster.pods().stream().anyMatch(pod -> pod.agent == AgentState.WAITING)) {
                step();
            }
            settle();
            assertEquals(List.of(), Truth.faults(cluster, Extent.EVERYTHING, 0), "order " + order);
            assertTrue(cluster.pods().stream().allMatch(Join::isReady), "order " + order);
        }

        private void settle() {
            for (int second = 0; second < 3; second++) {
                controller.watch.deliverAll();
                controller.pass(Duration.ofSeconds(1));
            }
        }

        private void meanwhile() {
            check();
            if (depth < DEEPEST) {
                depth++;
                for (int steps = random.nextInt(20); steps > 0; steps--) {
                    step();
                }
                depth--;
            }
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0 -> schedule();
                case 1 ->
                    cluster.pods().stream()
                            .filter(pod -> pod.agent == AgentState.WAITING)
                            .findFirst()
                            .ifPresent(pod -> {
                                pod.startAgent();
                                cluster.changed(pod);
                            });
                case 2, 3 -> controller.watch.deliver();
                default -> {
                    if (!controller.time.runOne() && !passing) {
                        passing = true;
                        controller.pass(Duration.ofMillis(50));
                        passing = false;
                    }
                }
            }
            check();
        }

        private void schedule() {
            if (scheduled < PODS) {
                cluster.schedule(
                        "a", "pod-" + scheduled, Map.of(SimulatedCluster.KEYS.names(), String.join(", ", NETWORKS)));
                scheduled++;
            }
        }

        private void check() {
            Set<String> running = controller.watch.seen().stream()
                    .map(SimulatedWatch.Seen::pod)
                    .filter(pod -> pod.agent() == AgentState.RUNNING)
                    .map(pod -> pod.ref().uid())
                    .collect(Collectors.toSet());
            cluster.pods().stream().filter(Join::isReady).forEach(pod -> {
                boolean turned = ready.add(pod);
                cluster.pods().stream().filter(other -> other != pod).forEach(other -> {
                    NETWORKS.forEach(network -> check(network, pod, other));
                    if (turned && running.contains(other.ref.uid()) && hasNoInterface(other)) {
                        readyBeforeOthers++;
                    }
                });
            });
        }

        private void check(String network, SimulatedPod pod, SimulatedPod other) {
            if (other.kernel.names().contains(network)) {
                assertTrue(
                        other.kernel.floods(network).contains(pod.primary()),
                        () -> "order " + order + ": " + pod + " is ready, and " + other + " does not send to it in "
                                + network);
            }
        }

        private static boolean hasNoInterface(SimulatedPod pod) {
            return pod.kernel.names().stream().noneMatch(NETWORKS::contains);
        }

        private static boolean isReady(SimulatedPod pod) {
            return pod.ready.filter(ReadyCondition::holds).isPresent();
        }
    }
}
