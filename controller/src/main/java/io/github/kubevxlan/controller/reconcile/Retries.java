package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Resolution;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Counts each pod's failed attempts in a row, and sets the pause after each. */
final class Retries {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final RandomGenerator random;
    private final Map<String, FailedAttempts> failures = new ConcurrentHashMap<>();

    /**
     * A pod's failures in a row.
     *
     * @param declared what the pod declared when the last one happened
     */
    private record FailedAttempts(int count, Optional<Resolution> declared) {}

    Retries(RandomGenerator random) {
        this.random = random;
    }

    /** Whether a pod's last attempt failed. */
    boolean isFailing(String uid) {
        return failures.containsKey(uid);
    }

    /** Which attempt in a row the next one is, from 1. */
    int attempt(String uid) {
        FailedAttempts before = failures.get(uid);
        return before == null ? 1 : before.count() + 1;
    }

    /** Whether a pod failed with just this declaration: then an edit of anything else does not hasten its next attempt. */
    boolean failedWith(String uid, Optional<Resolution> declared) {
        FailedAttempts known = failures.get(uid);
        return known != null && known.declared().equals(declared);
    }

    /** An attempt failed; gives how many did in a row. */
    int failed(String uid, Optional<Resolution> declared) {
        int count = attempt(uid);
        failures.put(uid, new FailedAttempts(count, declared));
        return count;
    }

    /** The pause before the next attempt of a pod that is failing, another one each time it is asked for. */
    Duration pause(String uid) {
        return BACKOFF.after(attempt(uid) - 1, random);
    }

    /** An attempt went well, or the pod is gone; tells whether the one before it failed. */
    boolean forget(String uid) {
        return failures.remove(uid) != null;
    }
}
