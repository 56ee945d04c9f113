package io.github.kubevxlan.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** On a terminal, a line that says what takes longer than a second, and goes once that is over. */
final class Progress {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final Timer timer;

    /** Does something later, and does not wait for it. */
    interface Timer {
        void after(Duration delay, Runnable action);
    }

    Progress(PrintWriter terminal, Timer timer) {
        this.terminal = terminal;
        this.timer = timer;
    }

    /** Without a terminal nothing is shown. */
    static Progress none() {
        return new Progress(new PrintWriter(PrintWriter.nullWriter()), (_, _) -> {});
    }

    /** Shown on a terminal by this machine's clock. */
    static Progress on(PrintWriter terminal) {
        return new Progress(
                terminal,
                (delay, action) -> Thread.ofVirtual().start(() -> {
                    try {
                        Thread.sleep(delay);
                        action.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }

    /** Does some work; gives its result. */
    <T> T during(String what, Supplier<T> work) {
        Line line = new Line();
        timer.after(QUIET, () -> line.show(what));
        try {
            return work.get();
        } finally {
            line.end();
        }
    }

    private void print(String text) {
        terminal.print(text);
        terminal.flush();
    }

    /** Of one piece of work. */
    private final class Line {
        private boolean isShown;
        private boolean isOver;

        synchronized void show(String what) {
            if (!isOver) {
                isShown = true;
                print(what + " ...");
            }
        }

        synchronized void end() {
            isOver = true;
            if (isShown) {
                print(CLEAR_LINE);
            }
        }
    }
}
