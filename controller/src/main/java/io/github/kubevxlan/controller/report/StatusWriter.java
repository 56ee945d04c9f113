package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Recorded;
import io.github.kubevxlan.controller.reconcile.Backoff;
import io.github.kubevxlan.controller.reconcile.KeyQueue;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.reconcile.Surroundings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code P/status} and {@code P/ready} back to pods, off the way of what programs them: a pod's latest status
 * waits for its turn, some are written at once, and one that the API server does not take is tried again.
 */
public final class StatusWriter implements StatusStore {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final int AT_ONCE = 16;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final StatusApi api;
    private final Function<String, Optional<PodSnapshot>> latest;
    private final RandomGenerator random;
    private final KeyQueue queue;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * What one pod is to have.
     *
     * @param version the pod's after our last write; 0 before
     * @param failures in a row
     */
    private record Entry(PodRef pod, OverlayStatus want, long version, int failures, CompletableFuture<Void> written) {
        Entry at(long now) {
            return new Entry(pod, want, now, 0, written);
        }

        Entry failed() {
            return new Entry(pod, want, version, failures + 1, written);
        }
    }

    /**
     * Takes its surroundings.
     *
     * @param latest gives a pod as last seen by its UID; empty if it is not watched
     */
    public StatusWriter(
            KubernetesClient client,
            Keys keys,
            Function<String, Optional<PodSnapshot>> latest,
            Surroundings surroundings) {
        this.api = new StatusApi(client, keys, surroundings.clock());
        this.latest = latest;
        this.random = surroundings.random();
        this.queue = new KeyQueue(this::turn, surroundings.executor(), surroundings.timer());
    }

    @Override
    public CompletableFuture<Void> write(PodRef pod, OverlayStatus status) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        entries.compute(pod.uid(), (_, before) -> {
            if (before == null) {
                return new Entry(pod, status, 0, 0, written);
            }
            var _ = written.whenComplete((_, failure) -> complete(before, failure == null));
            return new Entry(pod, status, before.version(), before.failures(), written);
        });
        queue.add(pod.uid());
        return written;
    }

    @Override
    public void seen(PodSnapshot pod) {
        Entry entry = entries.get(pod.ref().uid());
        if (entry != null
                && entry.written().isDone()
                && isCurrent(pod.recorded(), entry)
                && !pod.recorded().status().covers(entry.want())) {
            queue.add(pod.ref().uid());
        }
    }

    @Override
    public void forget(String uid) {
        Entry entry = entries.remove(uid);
        if (entry != null) {
            complete(entry, false);
        }
    }

    /** How many writes were sent to the API server. */
    public long sent() {
        return api.sent();
    }

    private void turn(String uid) {
        Entry entry = entries.get(uid);
        if (entry == null) {
            return;
        }
        try {
            room.acquire();
            try {
                Optional<Recorded> known =
                        latest.apply(uid).map(PodSnapshot::recorded).filter(recorded -> isCurrent(recorded, entry));
                written(entry, api.bring(entry.pod(), known, entry.want()));
            } finally {
                room.release();
            }
        } catch (StatusApi.GoneException e) {
            forget(uid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException e) {
            failed(entry, e);
        }
    }

    private void written(Entry entry, long version) {
        String uid = entry.pod().uid();
        entries.computeIfPresent(uid, (_, now) -> now.at(version));
        complete(entry, true);
        if (latest.apply(uid).isEmpty()) {
            entries.remove(uid, entry.at(version));
        }
    }

    private void failed(Entry entry, KubernetesClientException e) {
        if (entry.failures() == 0) {
            LOG.warn("pod {}: its status could not be written, to be tried again: {}", entry.pod(), e.getMessage());
        }
        entries.computeIfPresent(entry.pod().uid(), (_, now) -> now.failed());
        queue.add(entry.pod().uid(), BACKOFF.after(entry.failures() + 1, random));
    }

    /** Whether it was read after our last write: a watch may be behind. */
    private static boolean isCurrent(Recorded recorded, Entry entry) {
        return recorded.version() > 0 && recorded.version() >= entry.version();
    }

    private static void complete(Entry entry, boolean well) {
        if (well) {
            entry.written().complete(null);
        } else {
            entry.written().completeExceptionally(new CancellationException("pod " + entry.pod() + " is gone"));
        }
    }
}
