package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.Reason;
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
import java.util.Objects;
import java.util.Optional;
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
     * @param done whether the pod had it when it was last compared
     */
    private record Entry(PodRef pod, OverlayStatus want, long version, int failures, boolean done) {
        Entry doneAt(long now) {
            return new Entry(pod, want, now, 0, true);
        }

        Entry wanting(OverlayStatus other, long now, int failed) {
            return new Entry(pod, other, now, failed, false);
        }

        /** Whether its next try is set already. */
        boolean waits() {
            return failures > 0 && !done;
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
    public void write(PodRef pod, OverlayStatus status) {
        Entry entry = Objects.requireNonNull(entries.compute(
                pod.uid(),
                (_, before) -> before == null
                        ? new Entry(pod, status, 0, 0, false)
                        : before.wanting(status, before.version(), before.failures())));
        if (!entry.waits()) {
            queue.add(pod.uid());
        }
    }

    @Override
    public void seen(PodSnapshot pod) {
        Entry entry = entries.get(pod.ref().uid());
        if (entry != null
                && entry.done()
                && isCurrent(pod.recorded(), entry)
                && !pod.recorded().status().covers(entry.want())) {
            queue.add(pod.ref().uid());
        }
    }

    @Override
    public void forget(String uid) {
        entries.remove(uid);
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
        } catch (RuntimeException e) {
            failed(entry, e);
        }
    }

    /** What is wanted by now may be something else. */
    private void written(Entry entry, long version) {
        String uid = entry.pod().uid();
        Entry now = entries.computeIfPresent(
                uid,
                (_, last) -> last.want().equals(entry.want())
                        ? last.doneAt(version)
                        : last.wanting(last.want(), version, 0));
        if (now != null && !now.done()) {
            queue.add(uid);
        } else if (latest.apply(uid).isEmpty()) {
            entries.remove(uid, entry.doneAt(version));
        }
    }

    private void failed(Entry entry, RuntimeException e) {
        if (entry.failures() == 0) {
            LOG.warn("pod {}: its status could not be written, to be tried again: {}", entry.pod(), Reason.line(e));
        }
        entries.computeIfPresent(
                entry.pod().uid(), (_, now) -> now.wanting(now.want(), now.version(), now.failures() + 1));
        queue.add(entry.pod().uid(), BACKOFF.after(entry.failures() + 1, random));
    }

    /** Whether it was read after our last write: a watch may be behind. */
    private static boolean isCurrent(Recorded recorded, Entry entry) {
        return recorded.version() > 0 && recorded.version() >= entry.version();
    }
}
