package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.reconcile.Partition.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkheadTest {
    private static final String NODE = "node-1";

    /** As the chart sets them. */
    private final Bulkhead bulkhead = bulkhead(64, 16);

    @ParameterizedTest
    @CsvSource({"64, 16, 60, 60, 64", "8, 16, 60, 8, 8", "8, 4, 1, 4, 4", "2, 2, 60, 2, 2"})
    void noMoreAreWorkedOnAtOnceThanMayBe(int execs, int perNode, int nodes, int most, int mostWithNew) {
        Bulkhead narrow = bulkhead(execs, perNode);

        int peers = enter(narrow, Priority.PEER_CHANGE, pod -> "node-" + pod % nodes)
                .size();
        int fresh =
                enter(narrow, Priority.NEW_POD, pod -> "node-" + pod % nodes).size();

        assertEquals(most, peers);
        assertEquals(mostWithNew, peers + fresh, "some places are kept for new pods");
    }

    @Test
    void podsThatFailedHaveAQuarterOfANodesPlaces() {
        IntStream.range(0, 1000).forEach(pod -> bulkhead.failed(NODE, "pod-" + pod));

        assertEquals(4, enter(bulkhead, Priority.NEW_POD, _ -> NODE).size());
        assertEquals(
                12, enterAs(bulkhead, "good-", Priority.PEER_CHANGE, _ -> NODE).size());
    }

    @Test
    void whereTheApiServerWasAwayNothingIsKnownAgainstAPodAndAnyAnswerSaysThatItIsBack() {
        IntStream.range(0, 100).forEach(pod -> bulkhead.cutOff("pod-" + pod));

        assertEquals(16, enter(bulkhead, Priority.CHECK, _ -> NODE).size());
        Set<String> trusted = bulkhead.answered("node-2", "pod-7");
        assertEquals(99, trusted.size(), "all but the one that answered");
        assertEquals(Set.of(), bulkhead.answered("node-2", "pod-7"), "each once");
    }

    @Test
    void probesHaveAQuarterOfAllPlaces() {
        for (int node = 0; node < 40; node++) {
            silence("node-" + node, "silent-" + node + "-");
        }

        assertEquals(
                16, enter(bulkhead, Priority.NEW_POD, pod -> "node-" + pod % 40).size());
        assertEquals(
                44,
                enterAs(bulkhead, "good-", Priority.CHECK, pod -> "good-" + pod % 20)
                        .size());
    }

    @Test
    void whatIsKeptForNewPodsIsNotForProbes() {
        IntStream.range(0, 1000).forEach(pod -> bulkhead.failed("node-" + pod % 40, "failing-" + pod));
        enterAs(bulkhead, "good-", Priority.CHECK, pod -> "good-" + pod % 20);

        assertEquals(
                0,
                enterAs(bulkhead, "failing-", Priority.NEW_POD, pod -> "node-" + pod % 40)
                        .size());
        assertEquals(
                4,
                enterAs(bulkhead, "new-", Priority.NEW_POD, pod -> "good-" + pod % 20)
                        .size());
    }

    /** Whichever of its pods did not answer, the others are not tried together. */
    @Test
    void aNodeWhosePodsDoNotAnswerInARowIsTriedByOnePodAtATime() {
        silence(NODE);

        List<Place> fresh = enterAs(bulkhead, "other-", Priority.PEER_CHANGE, _ -> NODE);
        assertEquals(1, fresh.size());
        assertEquals(1, enterUnhealthy(NODE));
        fresh.getFirst().leave();
        assertEquals(
                1, enterAs(bulkhead, "other-", Priority.PEER_CHANGE, _ -> NODE).size());
    }

    @Test
    void onePodThatDoesNotAnswerIsNoFaultOfItsNode() {
        IntStream.range(0, 10).forEach(_ -> bulkhead.unanswered(NODE, "silent-0"));

        assertEquals(
                16, enterAs(bulkhead, "other-", Priority.NEW_POD, _ -> NODE).size());
    }

    @Test
    void anAnswerBetweenEndsTheRow() {
        Place held = bulkhead.partition(NODE, "good").enter(Priority.OWN_CHANGE);
        bulkhead.unanswered(NODE, "silent-0");
        bulkhead.unanswered(NODE, "silent-1");
        bulkhead.answered(NODE, "good");
        bulkhead.unanswered(NODE, "silent-2");
        held.leave();

        assertEquals(
                16, enterAs(bulkhead, "other-", Priority.NEW_POD, _ -> NODE).size());
    }

    @Test
    void aNodeThatAnswersHasAllItsPlacesAtOnceAndTellsWhomToTry() {
        silence(NODE);
        silence("node-2", "elsewhere-");
        Place probe = bulkhead.partition(NODE, "silent-0").enter(Priority.OWN_CHANGE);
        Set<String> again = bulkhead.answered(NODE, "silent-0");
        probe.leave();

        assertEquals(Set.of("silent-1", "silent-2"), again);
        assertEquals(
                16, enterAs(bulkhead, "silent-", Priority.NEW_POD, _ -> NODE).size());
    }

    @Test
    void aPodThatAnswersAndDoesNotSettleIsUnhealthyAndItsNodeIsNot() {
        silence(NODE);

        assertEquals(Set.of("silent-1", "silent-2"), bulkhead.unsettled(NODE, "silent-0"));
        IntStream.range(0, 1000).forEach(pod -> bulkhead.unsettled(NODE, "late-" + pod));
        assertEquals(4, enterAs(bulkhead, "late-", Priority.NEW_POD, _ -> NODE).size());
        assertEquals(12, enterAs(bulkhead, "good-", Priority.NEW_POD, _ -> NODE).size());
    }

    @Test
    void aPodThatAnswersAndDoesNotSettleIsTrustedForItsNodesSakeOnce() {
        bulkhead.unsettled(NODE, "late");
        silence(NODE);
        assertEquals(Set.of("silent-1", "silent-2", "late"), recover("silent-0"));
        bulkhead.unsettled(NODE, "late");
        silence(NODE);
        assertEquals(Set.of(), recover("silent-0"));
        bulkhead.answered(NODE, "late");
        bulkhead.unsettled(NODE, "late");
        silence(NODE);
        assertEquals(Set.of("late"), recover("silent-0"));
    }

    /** Else agents that never answer would have all places again each time that another pod of theirs does. */
    @Test
    void aPodIsTrustedForItsNodesSakeOnceUntilItAnswersItself() {
        silence(NODE);
        assertEquals(Set.of("silent-1", "silent-2"), recover("silent-0"));
        silence(NODE);
        assertEquals(Set.of(), recover("silent-0"));
        bulkhead.answered(NODE, "silent-1");
        silence(NODE);
        assertEquals(Set.of("silent-1"), recover("silent-0"));
    }

    @Test
    void keepsNothingOfANodeThatNobodyWaitsFor() {
        for (int node = 0; node < 100; node++) {
            bulkhead.partition("node-" + node, "pod").enter(Priority.OWN_CHANGE).leave();
        }
        silence(NODE);
        assertEquals(1, bulkhead.nodes());

        IntStream.range(0, 3).forEach(pod -> bulkhead.forget("silent-" + pod));

        assertEquals(0, bulkhead.nodes());
    }

    private int enterUnhealthy(String node) {
        return (int) IntStream.range(0, 3)
                .mapToObj(pod -> bulkhead.partition(node, "silent-" + pod))
                .filter(partition -> partition.isOpen(Priority.NEW_POD))
                .map(partition -> partition.enter(Priority.NEW_POD))
                .count();
    }

    private Set<String> recover(String uid) {
        Place probe = bulkhead.partition(NODE, uid).enter(Priority.OWN_CHANGE);
        Set<String> again = bulkhead.answered(NODE, uid);
        probe.leave();
        return again;
    }

    private void silence(String node) {
        silence(node, "silent-");
    }

    private void silence(String node, String prefix) {
        IntStream.range(0, 3).forEach(pod -> bulkhead.unanswered(node, prefix + pod));
    }

    private static List<Place> enter(Bulkhead bulkhead, Priority priority, IntFunction<String> node) {
        return enterAs(bulkhead, "pod-", priority, node);
    }

    /** A thousand pods, as many of them as may. */
    private static List<Place> enterAs(Bulkhead bulkhead, String prefix, Priority priority, IntFunction<String> node) {
        List<Place> places = new ArrayList<>();
        for (int pod = 0; pod < 1000; pod++) {
            Partition partition = bulkhead.partition(node.apply(pod), prefix + pod);
            if (partition.isOpen(priority)) {
                places.add(partition.enter(priority));
            }
        }
        return places;
    }

    private static Bulkhead bulkhead(int execs, int perNode) {
        return new Bulkhead(new Limits(execs, perNode, execs, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }
}
