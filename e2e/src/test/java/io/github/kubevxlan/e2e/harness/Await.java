package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions; nothing else in the tests ever sleeps. */
public final class Await {
    /** Enough for anything that the cluster does by itself, however busy the machine is. */
    public static final Duration LONG = Duration.ofSeconds(90);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(2);

    private Await() {}

    /** Waits as {@link #until(String, Duration, Supplier)} does, for {@link #LONG} at most. */
    public static void until(String what, Supplier<Optional<String>> problem) {
        until(what, LONG, problem);
    }

    /**
     * Looks again and again until nothing is in the way.
     *
     * @param what is waited for, a clause for the failure's message
     * @param limit when to give up
     * @param problem what is still in the way, empty if nothing; what it throws is in the way too, be it refused by
     *     the API server or a failed assertion
     * @throws AssertionError with what was last seen if the limit passes
     */
    public static void until(String what, Duration limit, Supplier<Optional<String>> problem) {
        until(what, limit, new Pauses(FIRST_PAUSE, LONGEST_PAUSE), problem);
    }

    /** The same, but looks every few milliseconds, for what is timed. */
    public static void closely(String what, Duration limit, Supplier<Optional<String>> problem) {
        until(what, limit, new Pauses(SHORT_PAUSE, SHORT_PAUSE), problem);
    }

    /** Between looks; they grow from the first to the longest. */
    private record Pauses(Duration first, Duration longest) {}

    private static void until(String what, Duration limit, Pauses pauses, Supplier<Optional<String>> problem) {
        long start = System.nanoTime();
        long pause = pauses.first().toNanos();
        Optional<String> seen = evaluate(problem);
        while (seen.isPresent()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError(
                        "not within %d s: %s; last seen: %s".formatted(limit.toSeconds(), what, seen.get()));
            }
            LockSupport.parkNanos(pause);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("given up: %s; last seen: %s".formatted(what, seen.get()));
            }
            pause = Math.min(pause * 3 / 2, pauses.longest().toNanos());
            seen = evaluate(problem);
        }
    }

    private static Optional<String> evaluate(Supplier<Optional<String>> problem) {
        try {
            return problem.get();
        } catch (KubernetesClientException | AssertionError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
