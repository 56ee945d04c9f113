package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class KeyQueueTest {
    private final Deque<Runnable> runnable = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<String> worked = new ArrayList<>();
    private final KeyQueue queue = new KeyQueue(this::work, runnable::add, timer());
    private Runnable meanwhile = () -> {};

    @Test
    void manyAdditionsBeforeTheTurnAreOneTurn() {
        queue.add("a");
        queue.add("a");
        queue.add("a");

        pump();

        assertEquals(List.of("a"), worked);
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

        pump();

        assertEquals(List.of("a", "a"), worked);
    }

    @Test
    void aTurnUnderWayIsNeverJoinedByAnotherOfItsKey() {
        meanwhile = () -> {
            meanwhile = () -> {};
            queue.add("a");
            assertEquals(0, runnable.size());
            queue.add("b");
            assertEquals(1, runnable.size());
        };
        queue.add("a");

        pump();

        assertEquals(List.of("a", "a", "b"), worked);
    }

    @Test
    void delayedAdditionsGatherToTheEarliest() {
        queue.add("a", Duration.ofMillis(100));
        queue.add("a", Duration.ofMillis(200));

        assertEquals(1, waiting.size());
        waiting.getFirst().run();
        pump();

        assertEquals(List.of("a"), worked);
    }

    @Test
    void aTurnMakesALaterOneNeedless() {
        queue.add("a", Duration.ofMillis(100));
        queue.add("a");
        pump();

        waiting.getFirst().run();
        pump();

        assertEquals(List.of("a"), worked);
    }

    private void work(String key) {
        worked.add(key);
        meanwhile.run();
    }

    private void pump() {
        while (!runnable.isEmpty()) {
            Objects.requireNonNull(runnable.poll()).run();
        }
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            waiting.add(call.getArgument(0));
            return null;
        });
        return timer;
    }
}
