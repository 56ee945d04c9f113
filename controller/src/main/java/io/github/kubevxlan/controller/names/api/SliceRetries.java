package io.github.kubevxlan.controller.names.api;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.reconcile.Backoff;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** When a Service is tried again whose slices could not be written. */
final class SliceRetries {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Ticker ticker;
    private final RandomGenerator random;
    private final Map<ServiceRef, Failure> failures = new HashMap<>();

    private record Failure(int times, Duration next) {}

    SliceRetries(Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        this.random = random;
    }

    synchronized boolean isDue(ServiceRef service) {
        Failure failure = failures.get(service);
        return failure == null || failure.next().compareTo(ticker.elapsed()) <= 0;
    }

    /** Forgets all others. */
    synchronized void retain(Set<ServiceRef> services) {
        failures.keySet().retainAll(services);
    }

    /** Takes whether a try came to its end. */
    synchronized void add(ServiceRef service, boolean succeeded) {
        if (succeeded) {
            failures.remove(service);
        } else {
            int times = Optional.ofNullable(failures.get(service))
                            .map(Failure::times)
                            .orElse(0)
                    + 1;
            failures.put(service, new Failure(times, ticker.elapsed().plus(BACKOFF.after(times, random))));
        }
    }

    /** How long it takes until the next one is due, of other namespaces than these; empty if there is none. */
    synchronized Optional<Duration> next(Set<String> busy) {
        Duration now = ticker.elapsed();
        return failures.entrySet().stream()
                .filter(one -> !busy.contains(one.getKey().namespace()))
                .map(one -> one.getValue().next().minus(now))
                .min(Duration::compareTo)
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }
}
