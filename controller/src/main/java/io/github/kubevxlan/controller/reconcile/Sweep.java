package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for pods that lost their label while no watch was there to tell; tries until it could. */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final String ALL = "all";
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Unlabelled unlabelled;
    private final Consumer<PodSnapshot> found;
    private final Surroundings surroundings;
    private final KeyQueue queue;
    private final AtomicInteger failures = new AtomicInteger();

    Sweep(Unlabelled unlabelled, Consumer<PodSnapshot> found, Surroundings surroundings) {
        this.unlabelled = unlabelled;
        this.found = found;
        this.surroundings = surroundings;
        this.queue = new KeyQueue(_ -> look(), surroundings.executor(), surroundings.timer());
    }

    /** To be done soon; asking twice before that is one look. */
    void request() {
        queue.add(ALL);
    }

    private void look() {
        try {
            unlabelled.each(found);
            failures.set(0);
        } catch (AgentException e) {
            Duration wait = BACKOFF.after(failures.incrementAndGet(), surroundings.random());
            LOG.warn(
                    "pods without the label can't be listed, to be tried again in {} s: {}",
                    wait.toSeconds(),
                    e.getMessage());
            queue.add(ALL, wait);
        }
    }
}
