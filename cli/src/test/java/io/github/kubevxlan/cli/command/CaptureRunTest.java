package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.kube.Captures.Running;
import io.github.kubevxlan.cli.kube.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

        run.until(stop, List.of(one, two));

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

        run.until(stop, List.of(one, two));

        assertFalse(run.isWhole());
        assertTrue(two.isClosed);
        assertEquals(1, notes.size());
    }

    @Test
    void oneWhoseConnectionBreaksIsToldWithTheReason() {
        one.ended.completeExceptionally(new IOException("reset"));
        stop.complete(true);

        run.until(stop, List.of(one, two));

        assertTrue(notes.getFirst().startsWith("lab/one vxeth1: its capture broke: "), notes.toString());
        assertTrue(notes.getFirst().endsWith("reset"), notes.toString());
    }

    @Test
    void oneThatCannotBeginLeavesTheOthersAlone() {
        one.atBegin = () -> {
            throw new CommandFailure("gone");
        };
        two.atBegin = () -> stop.complete(true);

        run.until(stop, List.of(one, two));

        assertEquals(List.of("lab/one vxeth1: gone"), notes);
        assertTrue(two.isClosed);
    }

    @Test
    void oneThatCannotBeEndedLeavesTheOthersAlone() {
        one.atClose = () -> {
            throw new CommandFailure("gone");
        };
        two.complaint = "agent capture: 3 frames are left out";
        stop.complete(true);

        run.until(stop, List.of(one, two));

        assertEquals(
                List.of("lab/one vxeth1: gone", "lab/two vxeth1: agent capture: 3 frames are left out"),
                notes.stream().sorted().toList());
        assertFalse(run.isWhole());
    }

    @Test
    void theRunIsOverOnceNoneIsLeft() {
        one.ended.complete(1);
        two.ended.complete(1);

        run.until(stop, List.of(one, two));

        assertEquals(2, notes.size());
    }

    @Test
    void oneThatDoesNotStartIsToldWhateverTheReason() {
        assertEquals(Optional.empty(), run.start("lab/one vxeth1", () -> {
            throw new IllegalStateException("odd");
        }));

        assertFalse(run.isWhole());
        assertTrue(notes.getFirst().contains("odd"), notes.toString());
    }

    private static final class Fake implements Running {
        private final String title;
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();
        private Runnable atBegin = () -> {};
        private Runnable atClose = () -> {};
        private String complaint = "";
        private volatile boolean isClosed;

        Fake(String title) {
            this.title = title;
        }

        @Override
        public String title() {
            return title;
        }

        @Override
        public void begin() {
            atBegin.run();
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
