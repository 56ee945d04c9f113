package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once, at the start, for pods that lost their label while no controller was there; tries until it could. Later
 * there is no need: a watch that breaks shows the pods that are missing when it lists anew. All pods of the cluster are
 * listed for it, so there is a pause between two pages.
 */
final class OrphanCollector {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanCollector.class);
    private static final String ALL = "all";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final UnlabelledPodLister unlabelled;
    private final Consumer<PodSnapshot> found;
    private final Dependencies dependencies;
    private final WorkQueue queue;
    private final AtomicInteger failures = new AtomicInteger();
    private UnlabelledPodLister.Place next = UnlabelledPodLister.Place.START;
    private boolean incomplete;

    OrphanCollector(UnlabelledPodLister unlabelled, Consumer<PodSnapshot> found, Dependencies dependencies) {
        this.unlabelled = unlabelled;
        this.found = found;
        this.dependencies = dependencies;
        this.queue = WorkQueue.of(_ -> scan(), 1, dependencies);
    }

    /** To be done once, page by page. */
    void begin() {
        queue.add(ALL);
    }

    /** A list that can't be read keeps nobody from looking at the others. */
    private void scan() {
        try {
            Optional<UnlabelledPodLister.Place> more = unlabelled.page(next, found);
            if (more.isPresent()) {
                goOn(more.get());
            } else if (incomplete) {
                again();
            }
        } catch (PodReadException e) {
            LOG.warn("pods without the label can't be listed, to be tried again: {}", e.getMessage());
            passOver();
        } catch (RuntimeException e) {
            LOG.error("pods without the label: unexpected failure, to be tried again", e);
            passOver();
        }
    }

    private void passOver() {
        incomplete = true;
        goOn(next.nextList());
    }

    private void goOn(UnlabelledPodLister.Place place) {
        next = place;
        queue.addAfter(ALL, PAUSE);
    }

    private void again() {
        next = UnlabelledPodLister.Place.START;
        incomplete = false;
        queue.addAfter(ALL, BACKOFF.after(failures.incrementAndGet(), dependencies.random()));
    }
}
