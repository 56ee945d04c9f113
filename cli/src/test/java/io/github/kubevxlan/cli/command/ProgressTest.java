package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.cli.kube.CommandFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final String SHOWN = "reading the cluster ...";

    private final StringWriter terminal = new StringWriter();
    private final List<Duration> delays = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private final Progress progress = new Progress(new PrintWriter(terminal), (delay, action) -> {
        delays.add(delay);
        due.add(action);
    });

    @Test
    void whatTakesLongerThanASecondIsShownUntilItIsOver() {
        String during = progress.during("reading the cluster", () -> {
            theTimeComes();
            return terminal.toString();
        });

        assertEquals(SHOWN, during);
        assertEquals(SHOWN + "\r\u001b[K", terminal.toString());
        assertEquals(List.of(Duration.ofSeconds(1)), delays);
    }

    @Test
    void whatIsFasterIsNotShownThenNorLater() {
        assertEquals(1, progress.during("reading the cluster", () -> 1));
        theTimeComes();

        assertEquals("", terminal.toString());
    }

    @Test
    void whatFailsIsNoLongerShown() {
        assertThrows(
                CommandFailure.class,
                () -> progress.during("reading the cluster", () -> {
                    theTimeComes();
                    throw new CommandFailure("gone");
                }));

        assertEquals(SHOWN + "\r\u001b[K", terminal.toString());
    }

    private void theTimeComes() {
        due.forEach(Runnable::run);
    }
}
