package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.reconcile.AttemptDeadline;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/**
 * A segment of 1,000 members on 60 nodes, with the real queue, bulkhead and reconciler; agents take 0.1 s for an answer, and
 * 0.4 s more where a session has to be opened.
 */
class LargeSegmentTest {
    private static final int MEMBERS = 1_000;
    private static final int NODES = 60;
    private static final int LOST = 20;
    private static final int TOGETHER = 10;
    /** How many of the hundred waves; {@code -Dsegment.waves=100} plays them all, in half a minute of CPU. */
    private static final int WAVES = Integer.getInteger("segment.waves", 14);
    /** How many seconds a pod stays that comes and goes. */
    private static final int STAY = 5;

    /** Members that have a node to themselves. */
    private static final int ALONE = 40;

    private static final int JOIN = 30;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Limits LIMITS = new Limits(64, 16, 256, Duration.ofSeconds(30), LatentAgents.DEADLINE);

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final SimulatedThreads threads = new SimulatedThreads(time);
    private final Members members = new Members(
            SimulatedCluster.KEYS,
            Definitions.parse(Map.of(), SimulatedCluster.DEFAULTS),
            SimulatedController.NEIGHBOURS,
            true);
    private final LatentAgents agents = new LatentAgents(members, threads);
    private final List<Duration> complete = new ArrayList<>();
    private int joined;
    private final Controller controller = new Controller(
            members,
            new Reconciler(Nets.PREFIX, agents, new AttemptDeadline(time, LatentAgents.DEADLINE)),
            Mockito.mock(UnlabelledPodLister.class, Mockito.withSettings().stubOnly()),
            new Recorders(
                    Mockito.mock(EventRecorder.class, Mockito.withSettings().stubOnly()),
                    Mockito.mock(StatusStore.class, Mockito.withSettings().stubOnly())),
            new Dependencies(
                    threads,
                    new Timing(time.timer, time),
                    new Random(1),
                    new WorkSettings(LIMITS, SimulatedController.RESYNC),
                    new Startups()));

    LargeSegmentTest() {
        controller.define(Definitions.parse(Map.of("vx0", "100"), SimulatedCluster.DEFAULTS));
        for (int number = 0; number < MEMBERS; number++) {
            put(pod(number, true));
        }
        members.uids().forEach(agents::settle);
    }

    /** Pods keep coming on the other nodes, of whom the members of the lost ones are to be told too. */
    @Test
    void aLostZoneCostsNewPodsOfOtherNodesNothing() {
        Duration without = join(JOIN);
        complete.clear();
        agents.silent = pod -> node(pod) < LOST;
        Duration with = join(JOIN);
        System.out.printf(
                "p99 from running to complete: %s, with %d of %d nodes lost %s%n", without, LOST, NODES, with);

        assertTrue(with.minus(without).compareTo(Duration.ofSeconds(2)) <= 0, () -> without + ", then " + with);
        assertEquals(List.of(), agents.late, "scripts that told of pods that were gone");
        assertTrue(agents.mostCalls <= LIMITS.execs(), () -> agents.mostCalls + " calls at once");
    }

    /** One pod a second; gives how long all but one in a hundred took at most. */
    private Duration join(int count) {
        controller.start();
        time.pass(Duration.ofMinutes(1));
        complete.clear();
        for (int i = 0; i < count + STAY; i++) {
            if (i < count) {
                put(pod(joining(i), false));
            }
            if (i >= STAY) {
                remove(pod(joining(i - STAY), false));
            }
            time.pass(SECOND);
        }
        joined += count;
        assertEquals(count, complete.size(), "pods that became complete");
        return complete.stream().sorted().toList().get(count * 99 / 100);
    }

    /** On a node that is not lost. */
    private int joining(int i) {
        int number = joined + i;
        return NODES * (MEMBERS + number) + LOST + number % (NODES - LOST);
    }

    /** One pod has a place at once; of more than places are kept for, each waits for one call of another at most. */
    @Test
    void newPodsAreCompleteInAMomentWhileATakeoverComparesAThousand() {
        controller.start();
        time.pass(SECOND);
        put(pod(MEMBERS, false));
        time.pass(SECOND);
        System.out.printf(
                "complete during a takeover: %s, after %d comparisons%n", complete, agents.answered.size() - 1);
        assertEquals(1, complete.size(), "within a second");
        for (int i = 1; i <= TOGETHER * 2; i++) {
            put(pod(MEMBERS + i, false));
        }
        time.pass(SECOND.plusMillis(200));
        System.out.printf("of %d more in 1.2 s: %d%n", TOGETHER * 2, complete.size() - 1);

        assertEquals(TOGETHER * 2, complete.size() - 1, "within a second and the rest of a call");
        assertTrue(agents.answered.size() < MEMBERS, "it goes on");
    }

    /** Agents of a tenant may take their time, tell that their links are gone, and so be tried again and again. */
    @Test
    void membersThatAnswerLateAndNeverSettleHaveAQuarterOfTheirNodesPlaces() {
        for (int i = 0; i < 100; i++) {
            put(pod(MEMBERS + i, "node-0", true));
        }
        members.uids().forEach(agents::settle);
        agents.unsettled = pod -> pod.ref().uid().compareTo("uid-%07d".formatted(MEMBERS)) >= 0;
        controller.start();
        time.pass(Duration.ofMinutes(5));
        assertEquals(LIMITS.execsPerNode(), agents.mostUnsettled, "before they failed");
        agents.mostUnsettled = 0;
        time.pass(Duration.ofMinutes(5));

        assertEquals(LIMITS.execsPerNode() / 4, agents.mostUnsettled);
    }

    /** Where a node has one member alone, no other pod's answer tells that it may be tried again. */
    @Test
    void afterAnOutageOfTheApiServerAllPlacesAreUsedAgain() {
        for (int i = 0; i < ALONE; i++) {
            put(pod(MEMBERS + i, "node-" + (NODES + i), true));
        }
        members.uids().forEach(agents::settle);
        int all = MEMBERS + ALONE;
        agents.refused = true;
        controller.start();
        time.pass(Duration.ofSeconds(30));
        agents.refused = false;
        assertEquals(0, agents.answered.size());
        Duration over = time.elapsed();
        while (agents.answered.size() < all && time.elapsed().minus(over).compareTo(Duration.ofMinutes(2)) < 0) {
            time.pass(Duration.ofMillis(100));
        }
        Duration took = time.elapsed().minus(over);
        Duration floor =
                LatentAgents.OPENING.plus(LatentAgents.ANSWER).multipliedBy(all).dividedBy(LIMITS.execs());
        System.out.printf("compared after an outage in %s, %s at least%n", took, floor);

        assertTrue(took.toMillis() <= 1.2 * floor.toMillis(), () -> took + ", " + floor + " at least");
    }

    @Test
    void aRollingRestartTellsEachMemberOnceAWave() {
        controller.start();
        time.pass(Duration.ofMinutes(1));
        agents.scripts.clear();
        for (int wave = 0; wave < WAVES; wave++) {
            for (int i = 0; i < TOGETHER; i++) {
                int number = wave * TOGETHER + i;
                remove(pod(number, true));
                put(pod(MEMBERS + number, false));
                time.pass(Duration.ofMillis(5));
            }
            time.pass(SECOND);
        }
        time.pass(Duration.ofMinutes(1));
        double most = 0;
        for (int number = 0; number < MEMBERS; number++) {
            int seen = Math.min(number / TOGETHER, WAVES);
            most = seen < WAVES / 2 ? most : Math.max(most, (double) scripts(number) / seen);
        }
        System.out.printf("scripts a member and wave of a rolling restart: %.2f at most%n", most);

        assertTrue(most > 0 && most <= 1.5, "scripts a member and wave: " + most);
        assertEquals(List.of(), agents.late, "scripts that told of pods that were gone");
    }

    private int scripts(int number) {
        return agents.scripts.getOrDefault(pod(number, true).ref().uid(), 0);
    }

    private void put(PodSnapshot pod) {
        controller.changed(pod, false, () -> Optional.of(pod));
    }

    private void remove(PodSnapshot pod) {
        controller.changed(pod, true, Optional::empty);
    }

    private static int node(PodSnapshot pod) {
        return Integer.parseInt(pod.node().substring("node-".length()));
    }

    private static PodSnapshot pod(int number, boolean ready) {
        return pod(number, "node-" + number % NODES, ready);
    }

    private static PodSnapshot pod(int number, String node, boolean ready) {
        ObservedStatus status = new ObservedStatus(
                1,
                new OverlayStatus(
                        List.of(), ready ? Optional.of(new ReadyCondition(true, "Ready", "")) : Optional.empty()));
        return Snapshots.running(
                new PodRef("uid-%07d".formatted(number), "default", "pod-" + number),
                node,
                IpAddr.parse(
                        "10.%d.%d.%d".formatted(100 + number / 40_000 % 100, 1 + number / 200 % 200, 1 + number % 200)),
                Map.of(SimulatedCluster.KEYS.names(), "vx0"),
                status);
    }

    private final class Startups implements Meter {
        @Override
        public void reconciled(Outcome outcome, Duration took) {}

        @Override
        public void retry() {}

        @Override
        public void complete(Duration sinceAgentRan) {
            complete.add(sinceAgentRan);
        }

        @Override
        public void ready(Duration sinceAgentRan) {}

        @Override
        public void changed(PodRef pod, List<Change> changes) {}
    }
}
