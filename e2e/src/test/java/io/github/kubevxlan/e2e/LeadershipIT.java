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
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Alone("kills the controller that leads")
class LeadershipIT {
    private static final String NETWORK = "e2e-leader";
    private static final String SET = "/sbin/ip link set dev lo alias '%s'";

    /** A controller that waits reads the Lease every 2 to 4.4 s; the rest is for a machine that is busy. */
    private static final Duration LATEST_TRY = Duration.ofSeconds(10);

    /** Longer than any pause, so that no kubelet ends a paused controller. */
    private static final int PATIENCE = 60;

    @RegisterExtension
    static final Stage stage = Stage.named("leader");

    @AfterAll
    static void endPatience() {
        Controller.setLivenessFailures(Controller.LIVENESS_FAILURES);
    }

    @AfterEach
    void awaitControllers() {
        Controller.resume();
        Controller.awaitReady();
    }

    @Test
    void anotherTakesOverWhenTheLeaderIsKilledWhilePodsJoin() {
        stage.define(NETWORK, "7700");
        Net net = Net.of(NETWORK, 7700);
        List<Pod> first = stage.start(
                Pods.onNode(0, Pods.member("first-1", NETWORK)), Pods.onNode(1, Pods.member("first-2", NETWORK)));
        Declared.all(first, net).awaitExact();
        List<Integer> indexes = indexes(first);
        List<String> readiness = first.stream().map(Status::ready).toList();

        String[] joining = IntStream.range(0, 10).mapToObj(i -> "joins-" + i).toArray(String[]::new);
        for (String name : joining) {
            stage.create(Pods.member(name, NETWORK));
        }
        Await.until(
                "the first can be programmed",
                () -> Arrays.stream(joining).anyMatch(name -> Pods.isRunning(stage.pod(name), Cluster.AGENT))
                        ? Optional.empty()
                        : Optional.of("none is"));
        String killed = Controller.killLeader();
        List<String> unfinished = Arrays.stream(joining)
                .filter(name -> isUnfinished(stage.pod(name)))
                .toList();
        assertFalse(unfinished.isEmpty(), "the leader has not finished when it is killed");

        Duration vacancy = Controller.awaitAnotherThan(killed);
        System.out.printf("the leader was killed with %s to do; another led after %s%n", unfinished, vacancy);
        assertTrue(
                vacancy.compareTo(Controller.leaseDuration().plus(LATEST_TRY)) <= 0,
                () -> "another took the Lease " + vacancy + " after its last renewal");
        Declared.all(first, net).and(Declared.all(stage.ready(joining), net)).awaitExact();
        assertEquals(indexes, indexes(first), "the interfaces of those that were there");
        assertEquals(
                readiness,
                List.of(Status.ready(stage.pod("first-1")), Status.ready(stage.pod("first-2"))),
                "the readiness of those that were there");
    }

    /** The alias of {@code lo} says who sent the last script: the leader's epoch, and its session in that. */
    @ParameterizedTest
    @ValueSource(strings = {"EPOCH", "SESSION"})
    void anAgentRefusesWhoeverHasBeenReplaced(String later) {
        stage.define(NETWORK + "-2", "7701");
        Pod member = stage.start(Pods.onNode(0, Pods.member("guarded", NETWORK + "-2")))
                .getFirst();
        String before = Lab.inPod(member, "cat /sys/class/net/lo/ifalias").strip();
        String[] words = before.split(" ");
        words[later.equals("EPOCH") ? 1 : 2] = String.valueOf(Long.MAX_VALUE);
        Lab.inPod(member, SET.formatted(String.join(" ", words)));

        Pod peer =
                stage.start(Pods.onNode(1, Pods.member("peer", NETWORK + "-2"))).getFirst();

        stage.awaitEvent("guarded", "AgentFailed", "already obeys a later controller");
        assertEquals(List.of(), Overlays.of(member).floods(NETWORK + "-2"));

        Lab.inPod(member, SET.formatted(before));
        Declared.all(List.of(member, peer), Net.of(NETWORK + "-2", 7701)).awaitExact();
        stage.delete("guarded", "peer");
    }

    /** As after a restore of etcd, or under a leader whose clock is behind its predecessor's. */
    @Test
    void aMemberThatHasSeenALaterEpochFollowsTheLeaderAllTheSame() {
        String network = NETWORK + "-4";
        stage.define(network, "7703");
        Pod member =
                stage.start(Pods.onNode(0, Pods.member("restored", network))).getFirst();
        long later = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        Lab.inPod(member, SET.formatted("complete " + later + " 999999"));

        Pod peer = stage.start(Pods.onNode(1, Pods.member("newcomer", network))).getFirst();

        Declared.all(List.of(member, peer), Net.of(network, 7703)).awaitExact();
        stage.delete("restored", "newcomer");
    }

    /**
     * The last words of a leader are in the agent's shell, which is stopped as well, when another leads: woken, the shell
     * would give its pod an entry for one that is gone.
     */
    @Test
    void whatALeaderSentThatWasPausedPastItsLeaseChangesNothing() {
        Controller.setLivenessFailures(PATIENCE);
        String network = NETWORK + "-3";
        Net net = Net.of(network, 7702);
        stage.define(network, "7702");
        List<Pod> members = stage.start(
                Pods.onNode(0, Pods.member("slow", network)), Pods.onNode(1, Pods.member("witness", network)));
        Declared.all(members, net).awaitExact();

        Lab.signal("STOP", members.get(0), Cluster.AGENT);
        Pod brief = stage.start(Pods.onNode(1, Pods.member("brief", network))).getFirst();
        Declared.all(members, net).and(brief, net).awaitExactIn(List.of(members.get(1), brief));
        Pod paused = Controller.pauseLeader();
        int restarts = Controller.restarts(paused);
        stage.delete("brief");
        Controller.awaitAnotherThan(paused.getMetadata().getName());
        Declared.all(members, net).awaitExact();

        Lab.signal("CONT", members.get(0), Cluster.AGENT);
        Controller.resume();
        Await.until(
                "the one that was paused has started anew",
                () -> Optional.of("it has not").filter(not -> Controller.restarts(paused) == restarts));
        assertEquals(Optional.of(1), Controller.lastExit(paused), "it says that it failed");
        Controller.awaitReady();
        assertEquals(Optional.empty(), Declared.all(members, net).inexact());
        Pod late = stage.start(Pods.onNode(0, Pods.member("late", network))).getFirst();
        Declared.all(members, net).and(late, net).awaitExact();
    }

    private static boolean isUnfinished(Pod joiner) {
        return !Pods.isRunning(joiner, Cluster.AGENT)
                || !Overlays.of(joiner).links().containsKey(NETWORK);
    }

    private static List<Integer> indexes(List<Pod> pods) {
        return Overlays.of(pods).stream()
                .map(overlay -> overlay.link(NETWORK))
                .map(Overlay.Link::index)
                .toList();
    }
}
