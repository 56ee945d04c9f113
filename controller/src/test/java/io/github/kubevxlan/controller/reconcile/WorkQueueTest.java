package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final List<String> worked = new ArrayList<>();
    private final WorkQueue queue = new WorkQueue(this::work, time, time.timer, time);
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
        WorkQueue ended = new WorkQueue(this::work, executor, timer, time);
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

    private void work(String key) {
        worked.add(key);
        meanwhile.run();
    }
}
