package io.github.kubevxlan.cli.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Runs the same function for many inputs, several at once. */
public final class Parallel {
    private static final int AT_ONCE = 16;

    private Parallel() {}

    /** Gives the results in the order of the inputs. */
    public static <I, O> List<O> each(List<I> inputs, Function<I, O> work) {
        try (ExecutorService workers =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<O>> futures = inputs.stream()
                    .map(input -> workers.submit(() -> work.apply(input)))
                    .toList();
            List<O> results = new ArrayList<>();
            for (Future<O> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }
}
