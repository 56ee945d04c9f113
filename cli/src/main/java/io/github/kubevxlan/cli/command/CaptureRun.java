package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Captures.Running;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.Parallel;
import io.github.kubevxlan.common.util.Reason;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs captures in parallel: reports a failure at once, and lets the others continue. */
final class CaptureRun {
    private final Consumer<String> notes;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final Queue<Running> running = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<?>> ends = new ConcurrentLinkedQueue<>();
    private volatile boolean isEnding;

    /** Takes the consumer of failures: the title and the reason, one line each. */
    CaptureRun(Consumer<String> notes) {
        this.notes = notes;
    }

    /** Whether every capture worked from its beginning to its end. */
    boolean isWhole() {
        return failed.isEmpty();
    }

    /** One of them failed; only its first reason is reported. */
    void fail(String title, String why) {
        if (failed.add(title)) {
            notes.accept(title + ": " + why);
        }
    }

    /** How many began to take packets. */
    int started() {
        return ends.size();
    }

    /**
     * Starts captures in one place, by their titles. Each takes packets from then on, whatever becomes of others.
     *
     * @param place may take its time
     */
    <P> void start(Supplier<P> place, Map<String, Function<P, Running>> captures) {
        if (isEnding) {
            return;
        }
        try {
            P there = place.get();
            captures.forEach((title, start) -> start(title, () -> start.apply(there)));
        } catch (RuntimeException e) { // whatever it is, it is about this place
            captures.keySet().forEach(title -> failToStart(title, e));
        }
    }

    private void start(String title, Supplier<Running> start) {
        try {
            Running one = start.get();
            if (takes(one)) {
                begin(one);
            } else {
                one.close();
            }
        } catch (RuntimeException e) { // about this interface
            failToStart(title, e);
        }
    }

    private synchronized boolean takes(Running one) {
        return !isEnding && running.add(one);
    }

    private synchronized List<Running> end() {
        isEnding = true;
        return List.copyOf(running);
    }

    private void failToStart(String title, RuntimeException failure) {
        if (!isEnding) {
            fail(title, words(failure));
        }
    }

    private void begin(Running one) {
        CompletableFuture<Boolean> end = one.ended().handle((_, failure) -> {
            if (!isEnding) {
                fail(one.title(), early(one, failure));
            }
            return true;
        });
        if (one.begin()) {
            ends.add(end);
        } else {
            end.join();
        }
    }

    /** Waits until the captures that were started shall stop or none of them is left, and ends them. */
    void until(CompletableFuture<?> stop) {
        try {
            CompletableFuture.anyOf(stop, CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // neither can fail
        } finally {
            Parallel.each(end(), this::ended);
        }
    }

    private Running ended(Running one) {
        try {
            one.close();
        } catch (RuntimeException e) { // about this interface
            fail(one.title(), words(e));
        }
        if (!one.complaint().isEmpty()) {
            fail(one.title(), one.complaint());
        }
        return one;
    }

    private static String early(Running one, @Nullable Throwable failure) {
        if (!one.complaint().isEmpty()) {
            return one.complaint();
        }
        return failure == null
                ? "its capture ended early: the pod or the capturing container is gone"
                : "its capture broke: " + Reason.line(failure);
    }

    private static String words(RuntimeException failure) {
        return failure instanceof CommandFailure ? String.valueOf(failure.getMessage()) : Reason.line(failure);
    }
}
