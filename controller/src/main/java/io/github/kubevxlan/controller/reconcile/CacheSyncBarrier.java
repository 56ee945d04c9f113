package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new leader does first: it takes what its predecessor wrote on pods moments before, of which the watch may tell
 * later. Else it would give addresses away that others were promised.
 *
 * <p>A pod that the watch does not show yet is waited for: nobody would tell if it went.
 */
public final class CacheSyncBarrier {
    private static final Logger LOG = LoggerFactory.getLogger(CacheSyncBarrier.class);
    private static final String ALL = "all";
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final LabelledPodLister labelled;
    private final Controller controller;
    private final Dependencies dependencies;
    private final WorkQueue queue;
    private final Map<PodRef, PodSnapshot> behind = new HashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private boolean listed;
    private int scans;

    /** Takes the controller to tell, and to start then. */
    public CacheSyncBarrier(LabelledPodLister labelled, Controller controller, Dependencies dependencies) {
        this.labelled = labelled;
        this.controller = controller;
        this.dependencies = dependencies;
        this.queue = WorkQueue.of(_ -> scan(), 1, dependencies);
    }

    /** Starts the controller when that is done; to be called once. */
    public void begin() {
        queue.add(ALL);
    }

    private void scan() {
        try {
            if (!listed) {
                behind.clear();
                labelled.each(pod -> behind.put(pod.ref(), pod));
                listed = true;
            }
            if (isDone()) {
                controller.start();
            } else {
                queue.addAfter(ALL, PAUSES.after(++scans, dependencies.random()));
            }
        } catch (PodReadException e) {
            Duration wait = again();
            LOG.warn(
                    "labelled pods can't be listed, so nothing is done yet; to be tried again in {} ms: {}",
                    wait.toMillis(),
                    e.getMessage());
        } catch (RuntimeException e) {
            Duration wait = again();
            LOG.error("unexpected failure, so nothing is done yet; to be tried again in {} ms", wait.toMillis(), e);
        }
    }

    private Duration again() {
        Duration wait = BACKOFF.after(failures.incrementAndGet(), dependencies.random());
        queue.addAfter(ALL, wait);
        return wait;
    }

    /** One pod that is there is reason enough to wait: the others are not asked for, so that many cost no more than one. */
    private boolean isDone() throws PodReadException {
        behind.values().removeIf(controller::observe);
        Iterator<PodRef> pods = behind.keySet().iterator();
        while (pods.hasNext()) {
            if (labelled.isThere(pods.next())) {
                return false;
            }
            pods.remove();
        }
        return true;
    }
}
