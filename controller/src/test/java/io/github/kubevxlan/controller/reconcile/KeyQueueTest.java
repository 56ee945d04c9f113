package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

class KeyQueueTest {
    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final List<String> worked = new ArrayList<>();
    private final KeyQueue queue = new KeyQueue(this::work, time, time.timer);
    private Runnable meanwhile = () -> {};

    @Test
    void manyAdditionsBeforeTheTurnAreOneTurn() {
        queue.add("a");
        queue.add("a");
        queue.add("a");

        time.runAll();

        assertEquals(List.of("a"), worked);
    }

    /** A controller that lost its Lease ends while turns are under way, which would be tried again. */
    @Test
    void nothingIsDoneOrSaidOnceTheProgramEnds() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        KeyQueue ended = new KeyQueue(this::work, executor, timer);
        executor.shutdownNow();
        timer.shutdownNow();

        assertDoesNotThrow(() -> ended.add("a"));
        assertDoesNotThrow(() -> ended.add("b", Duration.ofSeconds(1)));

        assertEquals(List.of(), worked);
    }

    @Test
    void anyNumberOfAdditionsDuringATurnIsOneMore() {
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
    void aTurnUnderWayIsNeverJoinedByAnotherOfItsKey() {
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
    void aTurnThatThrewKeepsNoneOfItsKeyFromComing() {
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
    void delayedAdditionsGatherToTheEarliest() {
        queue.add("a", Duration.ofMillis(200));
        queue.add("a", Duration.ofMillis(100));
        queue.add("a", Duration.ofMillis(300));

        time.pass(Duration.ofMillis(99));
        assertEquals(List.of(), worked);
        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a"), worked);
    }

    @Test
    void aTurnMakesALaterOneNeedless() {
        queue.add("a", Duration.ofMillis(100));
        queue.add("a");

        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of("a"), worked);
    }

    private void work(String key) {
        worked.add(key);
        meanwhile.run();
    }
}
