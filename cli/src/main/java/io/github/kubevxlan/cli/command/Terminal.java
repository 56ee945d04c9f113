package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.view.Ink;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where a command prints.
 *
 * @param out its result
 * @param err all else
 * @param colours whether the result goes to a terminal and NO_COLOR is not set
 * @param progress whether err is a terminal
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colours, boolean progress) {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final String CLEAR_LINE = "\r\u001b[K";

    Ink ink() {
        return new Ink(colours);
    }

    /** Runs a task; prints what it is if it takes longer than a second. */
    <T> T working(String what, Supplier<T> work) {
        if (!progress) {
            return work.get();
        }
        CountDownLatch done = new CountDownLatch(1);
        Thread shows = Thread.ofVirtual().start(() -> show(what, done));
        try {
            return work.get();
        } finally {
            done.countDown();
            join(shows);
        }
    }

    private void show(String what, CountDownLatch done) {
        try {
            if (!done.await(QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
                err.print(what + " ...");
                err.flush();
                done.await();
                err.print(CLEAR_LINE);
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
