package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Captures.Running;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.Parallel;
import io.github.kubevxlan.common.util.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs captures in parallel: reports a failure at once, and lets the others continue. */
final class CaptureRun {
    private final Consumer<String> notes;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
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

    /** Starts one; empty if it failed. */
    Optional<Running> start(String title, Supplier<Running> start) {
        try {
            return Optional.of(start.get());
        } catch (RuntimeException e) { // whatever it is, it is about this pod
            fail(title, words(e));
            return Optional.empty();
        }
    }

    /** Starts the captures, waits until they shall stop or until none is left, and ends them. */
    void until(CompletableFuture<?> stop, List<Running> running) {
        try {
            CompletableFuture<?>[] ends = running.stream().map(this::begun).toArray(CompletableFuture[]::new);
            CompletableFuture.anyOf(stop, CompletableFuture.allOf(ends)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // neither can fail
        } finally {
            isEnding = true;
            Parallel.each(running, this::ended);
        }
    }

    private CompletableFuture<?> begun(Running one) {
        CompletableFuture<?> end = one.ended().handle((_, failure) -> {
            if (!isEnding) {
                fail(one.title(), early(one, failure));
            }
            return true;
        });
        try {
            one.begin();
            return end;
        } catch (CommandFailure e) {
            fail(one.title(), words(e));
            return CompletableFuture.completedFuture(true);
        }
    }

    private Running ended(Running one) {
        try {
            one.close();
        } catch (CommandFailure e) {
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
