package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final List<String> worked = new ArrayList<>();
    private final Partition places = Partition.of(16);
    private final WorkQueue queue = new WorkQueue(this::work, _ -> places, time, time.timer, time);
    private Runnable meanwhile = () -> {};

    @Test
    void manyAdditionsBeforeTheRunAreOneRun() {
        queue.add("a");
        queue.add("a");
        queue.add("a");

        time.runAll();

        assertEquals(List.of("a"), worked);
    }

    @Test
    void tellsHowMuchThereIsToDoAndSinceWhen() {
        List<Runnable> ready = new ArrayList<>();
        Duration[] now = {Duration.ZERO};
        List<WorkQueue.Load> during = new ArrayList<>();
        WorkQueue[] own = new WorkQueue[1];
        own[0] = new WorkQueue(
                key -> {
                    now[0] = now[0].plusSeconds(5);
                    during.add(own[0].load());
                },
                _ -> places,
                ready::add,
                time.timer,
                () -> now[0]);
        assertEquals(new WorkQueue.Load(0, Duration.ZERO), own[0].load());
        own[0].addAfter("later", Duration.ofMinutes(1));
        own[0].add("b");
        now[0] = Duration.ofSeconds(2);
        own[0].add("c");
        now[0] = Duration.ofSeconds(3);
        assertEquals(new WorkQueue.Load(2, Duration.ofSeconds(3)), own[0].load());

        ready.forEach(Runnable::run);

        assertEquals(
                List.of(new WorkQueue.Load(2, Duration.ofSeconds(8)), new WorkQueue.Load(1, Duration.ofSeconds(11))),
                during);
        assertEquals(new WorkQueue.Load(0, Duration.ZERO), own[0].load());
    }

    /** A controller that lost its Lease ends while work is under way, which would be tried again. */
    @Test
    void nothingIsDoneOrSaidOnceTheProgramEnds() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        WorkQueue ended = new WorkQueue(this::work, _ -> places, executor, timer, time);
        executor.shutdownNow();
        timer.shutdownNow();

        assertDoesNotThrow(() -> ended.add("a"));
        assertDoesNotThrow(() -> ended.addAfter("b", Duration.ofSeconds(1)));

        assertEquals(List.of(), worked);
    }

    @Test
    void anyNumberOfAdditionsDuringARunIsOneMore() {
        meanwhile = () -> {
            meanwhile = () -> {};
            queue.add("a");
            queue.add("a");
            queue.add("a");
        };
        queue.add("a");

        time.runAll();

        assertEquals(List.of("a", "a"), worked);
    }

    @Test
    void aRunUnderWayIsNeverJoinedByAnotherOfItsKey() {
        meanwhile = () -> {
            meanwhile = () -> {};
            queue.add("a");
            assertFalse(time.runOne());
            queue.add("b");
            assertTrue(time.runOne());
        };
        queue.add("a");

        time.runAll();

        assertEquals(List.of("a", "b", "a"), worked);
    }

    @Test
    void aRunThatThrewKeepsNoneOfItsKeyFromComing() {
        meanwhile = () -> {
            meanwhile = () -> {};
            throw new IllegalStateException("planted");
        };
        queue.add("a");
        time.runAll();
        queue.add("a");

        time.runAll();

        assertEquals(List.of("a", "a"), worked);
    }

    @Test
    void aRunThatEndedItsThreadKeepsNoneOfItsKeyFromComing() {
        meanwhile = () -> {
            meanwhile = () -> {};
            queue.add("a");
            throw new StackOverflowError("planted");
        };
        queue.add("a");
        assertThrows(StackOverflowError.class, time::runAll);
        time.runAll();
        assertEquals(List.of("a", "a"), worked);

        queue.add("a");
        time.runAll();

        assertEquals(List.of("a", "a", "a"), worked);
    }

    @Test
    void delayedAdditionsGatherToTheEarliest() {
        queue.addAfter("a", Duration.ofMillis(200));
        queue.addAfter("a", Duration.ofMillis(100));
        queue.addAfter("a", Duration.ofMillis(300));

        time.pass(Duration.ofMillis(99));
        assertEquals(List.of(), worked);
        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a"), worked);
    }

    @Test
    void aRunMakesALaterOneNeedless() {
        queue.addAfter("a", Duration.ofMillis(100));
        queue.add("a");

        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a"), worked);
    }

    @Test
    void theMostUrgentGoesFirstAndEveryFourthTurnIsThatOfWhoWaitedLongest() {
        WorkQueue narrow = narrow();
        for (int i = 0; i < 4; i++) {
            narrow.add("check-" + i, Priority.CHECK);
        }
        for (int i = 0; i < 4; i++) {
            narrow.add("peer-" + i, Priority.PEER_CHANGE);
        }
        for (int i = 0; i < 3; i++) {
            narrow.add("own-" + i, Priority.OWN_CHANGE);
            narrow.add("new-" + i, Priority.NEW_POD);
        }

        time.runAll();

        assertEquals(
                List.of(
                        "check-0", "new-0", "new-1", "check-1", //
                        "new-2", "own-0", "own-1", "check-2", //
                        "own-2", "peer-0", "peer-1", "check-3", //
                        "peer-2", "peer-3"),
                worked);
    }

    /** Places are kept from what else waits, but not those that new pods have beyond them. */
    @Test
    void newPodsThatGoOnComingLetOthersHaveTheirTurns() {
        Limits limits = new Limits(64, 64, 64, Duration.ofSeconds(1), Duration.ofSeconds(1));
        Bulkhead bulkhead = new Bulkhead(limits);
        Deque<Runnable> ready = new ArrayDeque<>();
        WorkQueue many =
                new WorkQueue(worked::add, uid -> bulkhead.partition("node", uid), ready::add, time.timer, time);
        IntStream.range(0, 64).forEach(i -> many.add("check-" + i, Priority.CHECK));
        IntStream.range(0, 100).forEach(i -> many.add("new-" + i, Priority.NEW_POD));

        for (int i = 100; i < 220; i++) {
            ready.removeFirst().run();
            many.add("new-" + i, Priority.NEW_POD);
        }

        assertTrue(worked.containsAll(List.of("check-60", "check-61", "check-62", "check-63")), worked.toString());
    }

    @Test
    void aQueuedKeyBecomesAsUrgentAsItsMostUrgentReason() {
        WorkQueue narrow = narrow();
        List.of("a", "b", "c").forEach(key -> narrow.add(key, Priority.CHECK));
        narrow.add("c", Priority.OWN_CHANGE);
        narrow.add("c", Priority.PEER_CHANGE);

        time.runAll();

        assertEquals(List.of("a", "c", "b"), worked);
    }

    @Test
    void aKeyThatIsAddedWhileItIsWorkedOnIsAsUrgentAsItsMostUrgentReason() {
        WorkQueue narrow = narrow();
        meanwhile = () -> {
            meanwhile = () -> {};
            narrow.add("b", Priority.PEER_CHANGE);
            narrow.add("a", Priority.CHECK);
            narrow.add("a", Priority.OWN_CHANGE);
        };
        narrow.add("a", Priority.CHECK);

        time.runAll();

        assertEquals(List.of("a", "a", "b"), worked);
    }

    @Test
    void aKeyThatIsDueForTwoReasonsIsDueAtTheEarlierAndAsUrgentAsEither() {
        WorkQueue narrow = narrow();
        narrow.addAfter("a", Duration.ofMillis(100), Priority.CHECK);
        narrow.addAfter("a", Duration.ofMillis(200), Priority.NEW_POD);
        time.pass(Duration.ofMillis(99));
        narrow.add("x", Priority.CHECK);
        narrow.add("b", Priority.OWN_CHANGE);
        meanwhile = () -> {
            meanwhile = () -> {};
            time.pass(Duration.ofMillis(1));
        };

        time.runAll();

        assertEquals(List.of("x", "a", "b"), worked);
    }

    /** One that waits for a place takes no thread, and keeps nobody of another partition from beginning. */
    @Test
    void whatCannotBeginIsPassedOver() {
        Map<String, Partition> nodes = Map.of("a", Partition.of(1), "b", Partition.of(1));
        List<Runnable> started = new ArrayList<>();
        WorkQueue byNode = new WorkQueue(
                this::work,
                key -> Objects.requireNonNull(nodes.get(key.substring(0, 1))),
                started::add,
                time.timer,
                time);
        List.of("a1", "a2", "b1").forEach(key -> byNode.add(key, Priority.NEW_POD));
        assertEquals(2, started.size(), "one of each node");

        started.removeFirst().run();

        assertEquals(2, started.size(), "another of the node whose place is free again");
    }

    /** A pod whose peers change all the time: every change is seen within the pause, and it is worked on once in it. */
    @Test
    void changesWithoutAnEndAreWorkedOnOnceInEachPause() {
        List<Duration> begun = new ArrayList<>();
        List<Runnable> started = new ArrayList<>();
        WorkQueue churned = new WorkQueue(_ -> begun.add(time.elapsed()), _ -> places, started::add, time.timer, time);
        for (int tick = 0; tick < 200; tick++) {
            churned.addAfter("a", Duration.ofMillis(100), Priority.PEER_CHANGE);
            time.pass(Duration.ofMillis(10));
            if (tick % 14 == 13) { // places are free once in a while only
                started.forEach(Runnable::run);
                started.clear();
            }
        }

        assertEquals(14, begun.size());
        for (int i = 1; i < begun.size(); i++) {
            Duration since = begun.get(i).minus(begun.get(i - 1));
            assertTrue(since.compareTo(Duration.ofMillis(100)) >= 0, since::toString);
        }
    }

    /** What comes before work begins is seen by it, and costs no other run. */
    @Test
    void whatIsDueLaterIsOffOnceWorkBegins() {
        List<Runnable> started = new ArrayList<>();
        WorkQueue late = new WorkQueue(this::work, _ -> places, started::add, time.timer, time);
        late.add("a", Priority.PEER_CHANGE);
        late.addAfter("a", Duration.ofMillis(100), Priority.PEER_CHANGE);
        started.forEach(Runnable::run);
        started.clear();
        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of(), started);
    }

    /** One place for all. */
    private WorkQueue narrow() {
        Partition one = Partition.of(1);
        return new WorkQueue(this::work, _ -> one, time, time.timer, time);
    }

    private void work(String key) {
        worked.add(key);
        meanwhile.run();
    }
}
