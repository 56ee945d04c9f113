package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.kube.Captures.Running;
import io.github.kubevxlan.cli.kube.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CaptureRunTest {
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final CaptureRun run = new CaptureRun(notes::add);
    private final CompletableFuture<Boolean> stop = new CompletableFuture<>();
    private final Fake one = new Fake("lab/one vxeth1");
    private final Fake two = new Fake("lab/two vxeth1");

    @Test
    void allThatWorkUntilTheyAreToldToStopAreWhole() {
        two.atBegin = () -> stop.complete(true);

        start(one, two);
        run.until(stop);

        assertTrue(run.isWhole());
        assertTrue(one.isClosed && two.isClosed);
        assertEquals(List.of(), notes);
    }

    @Test
    void oneThatEndsEarlyIsToldAndTheOthersGoOn() {
        one.ended.complete(0);
        two.atBegin = () -> {
            assertEquals(
                    List.of("lab/one vxeth1: its capture ended early: the pod or the capturing container is gone"),
                    notes);
            stop.complete(true);
        };

        start(one, two);
        run.until(stop);

        assertFalse(run.isWhole());
        assertTrue(two.isClosed);
        assertEquals(1, notes.size());
    }

    @Test
    void oneWhoseConnectionBreaksIsToldWithTheReason() {
        one.ended.completeExceptionally(new IOException("reset"));
        stop.complete(true);

        start(one, two);
        run.until(stop);

        assertTrue(notes.getFirst().startsWith("lab/one vxeth1: its capture broke: "), notes.toString());
        assertTrue(notes.getFirst().endsWith("reset"), notes.toString());
    }

    @Test
    void oneThatCannotBeginLeavesTheOthersAlone() {
        one.atBegin = () -> {
            throw new CommandFailure("gone");
        };
        two.atBegin = () -> stop.complete(true);

        start(one, two);
        run.until(stop);

        assertEquals(List.of("lab/one vxeth1: gone"), notes);
        assertEquals(1, run.started());
        assertTrue(one.isClosed && two.isClosed);
    }

    @Test
    void oneThatEndsBeforeItTakesPacketsIsToldAndDoesNotCount() {
        one.takes = false;
        one.ended.complete(1);
        one.complaint = "agent capture: no such interface";

        start(one, two);

        assertEquals(List.of("lab/one vxeth1: agent capture: no such interface"), notes);
        assertEquals(1, run.started());
    }

    @Test
    void whatGoesWrongInAnUnexpectedWayAtTheEndIsToldToo() {
        one.atClose = () -> {
            throw new IllegalStateException("odd");
        };
        stop.complete(true);

        start(one, two);
        run.until(stop);

        assertEquals(1, notes.size(), notes::toString);
        assertTrue(notes.getFirst().startsWith("lab/one vxeth1: "), notes::toString);
        assertTrue(two.isClosed);
    }

    @Test
    void oneThatCannotBeEndedLeavesTheOthersAlone() {
        one.atClose = () -> {
            throw new CommandFailure("gone");
        };
        two.complaint = "agent capture: 3 frames are left out";
        stop.complete(true);

        start(one, two);
        run.until(stop);

        assertEquals(
                List.of("lab/one vxeth1: gone", "lab/two vxeth1: agent capture: 3 frames are left out"),
                notes.stream().sorted().toList());
        assertFalse(run.isWhole());
    }

    @Test
    void theRunIsOverOnceNoneIsLeft() {
        one.ended.complete(1);
        two.ended.complete(1);

        start(one, two);
        run.until(stop);

        assertEquals(2, notes.size());
    }

    @Test
    void anInterfaceThatDoesNotStartIsToldWhateverTheReasonAndTheOthersOfThePodStart() {
        Map<String, Function<String, Running>> captures = new LinkedHashMap<>();
        captures.put("lab/one vxeth0", _ -> {
            throw new IllegalStateException("odd");
        });
        captures.put("lab/one vxeth1", _ -> one);

        run.start(() -> "the container", captures);

        assertEquals(1, run.started());
        assertFalse(run.isWhole());
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().startsWith("lab/one vxeth0: "), notes.toString());
        assertTrue(notes.getFirst().contains("odd"), notes.toString());
    }

    @Test
    void aPodInWhichNothingCanStartIsToldForEachOfItsInterfaces() {
        run.start(
                () -> {
                    throw new CommandFailure("no such image");
                },
                Map.of("lab/one vxeth0", _ -> one, "lab/one vxeth1", _ -> one));

        assertEquals(
                List.of("lab/one vxeth0: no such image", "lab/one vxeth1: no such image"),
                notes.stream().sorted().toList());
    }

    @Test
    void oneBeginsWhileAnotherPodIsStuck() {
        CompletableFuture<String> stuck = new CompletableFuture<>();
        one.atBegin = () -> stuck.complete("the other pod got its container");
        CompletableFuture<?> other =
                CompletableFuture.runAsync(() -> run.start(stuck::join, Map.of(two.title, _ -> two)));

        start(one);
        other.orTimeout(1, TimeUnit.MINUTES).join();

        assertEquals(2, run.started());
    }

    @Test
    void oneThatStartsAfterTheEndIsClosedAndNotTold() {
        stop.complete(true);
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        CompletableFuture<String> container = new CompletableFuture<>();
        CompletableFuture<?> late = CompletableFuture.runAsync(() -> run.start(
                () -> {
                    asked.complete(true);
                    return container.join();
                },
                Map.of(one.title, _ -> one)));
        asked.join();
        run.until(stop);

        container.complete("late");
        late.orTimeout(1, TimeUnit.MINUTES).join();

        assertFalse(one.hasBegun);
        assertTrue(one.isClosed);
        assertTrue(run.isWhole());
    }

    private void start(Fake... captures) {
        for (Fake capture : captures) {
            run.start(() -> "the container", Map.of(capture.title, _ -> capture));
        }
    }

    private static final class Fake implements Running {
        private final String title;
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();
        private Runnable atBegin = () -> {};
        private Runnable atClose = () -> {};
        private String complaint = "";
        private boolean takes = true;
        private volatile boolean hasBegun;
        private volatile boolean isClosed;

        Fake(String title) {
            this.title = title;
        }

        @Override
        public String title() {
            return title;
        }

        @Override
        public boolean begin() {
            hasBegun = true;
            atBegin.run();
            return takes;
        }

        @Override
        public CompletableFuture<Integer> ended() {
            return ended;
        }

        @Override
        public String complaint() {
            return complaint;
        }

        @Override
        public void close() {
            isClosed = true;
            atClose.run();
        }
    }
}
