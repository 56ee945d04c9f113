package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Backoff;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.reconcile.WorkQueue;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code P/status} and {@code P/ready} back to pods, off the way of what programs them: a pod's latest status
 * waits in the work queue, some are written at once, and one that the API server does not take is tried again.
 *
 * <p>What a pod's agent reports can change its status at any time, so each pod has a budget of writes, which is full
 * again when something of the pod itself or its networks changes.
 */
public final class StatusWriter implements StatusStore {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final int AT_ONCE = 16;
    private static final int MOST_OF_POD = 6;
    private static final Duration OF_POD_EVERY = Duration.ofMinutes(1);
    private static final int FAILURES_UNTIL_REPORTED = 3;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final StatusApi api;
    private final Function<String, Optional<PodSnapshot>> latest;
    private final BiConsumer<PodRef, String> refused;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final WorkQueue queue;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /**
     * The status that one pod shall have.
     *
     * @param last whether nothing is to be written after it
     * @param writes what became of it so far
     */
    private record Entry(PodRef pod, OverlayStatus want, boolean last, Writes writes) {
        Entry doneAt(long version) {
            return new Entry(pod, want, last, new Writes(version, 0, true));
        }

        Entry wanting(long version, int failures) {
            return new Entry(pod, want, last, new Writes(version, failures, false));
        }

        long version() {
            return writes.version();
        }

        int failures() {
            return writes.failures();
        }

        boolean done() {
            return writes.done();
        }

        /** Whether its next try is set already. */
        boolean waits() {
            return failures() > 0 && !done();
        }
    }

    /**
     * What became of a status so far.
     *
     * @param version the pod's after our last write; 0 before
     * @param failures in a row
     * @param done whether the pod had it when it was last compared
     */
    private record Writes(long version, int failures, boolean done) {
        static final Writes NONE = new Writes(0, 0, false);
    }

    /**
     * Takes the way to the API server and what it depends on.
     *
     * @param latest gives a pod as last seen by its UID; empty if it is not watched
     * @param refused receives each status that the API server refuses, and the reason, for each attempt
     */
    public StatusWriter(
            StatusApi api,
            Function<String, Optional<PodSnapshot>> latest,
            BiConsumer<PodRef, String> refused,
            Dependencies dependencies) {
        this.api = api;
        this.latest = latest;
        this.refused = refused;
        this.random = dependencies.random();
        this.ticker = dependencies.ticker();
        this.queue = WorkQueue.of(this::process, AT_ONCE, dependencies);
    }

    @Override
    public void write(PodRef pod, OverlayStatus status) {
        want(pod, status, false);
    }

    @Override
    public void writeLast(PodRef pod, OverlayStatus status) {
        want(pod, status, true);
    }

    private void want(PodRef pod, OverlayStatus status, boolean last) {
        Entry entry = Objects.requireNonNull(entries.compute(
                pod.uid(),
                (_, before) -> before == null
                        ? new Entry(pod, status, last, Writes.NONE)
                        : new Entry(pod, status, last, new Writes(before.version(), before.failures(), false))));
        if (!entry.waits()) {
            queue.add(pod.uid());
        }
    }

    @Override
    public void seen(PodSnapshot pod) {
        Entry entry = entries.get(pod.ref().uid());
        if (entry != null
                && entry.done()
                && isCurrent(pod.observedStatus(), entry)
                && !pod.observedStatus().status().covers(entry.want())) {
            queue.add(pod.ref().uid());
        }
    }

    @Override
    public void expect(String uid) {
        budgets.remove(uid);
        if (held.remove(uid)) {
            queue.add(uid);
        }
    }

    @Override
    public void forget(String uid) {
        if (entries.computeIfPresent(uid, (_, entry) -> entry.last() && !entry.done() ? entry : null) == null) {
            refill(uid);
        }
    }

    private void refill(String uid) {
        budgets.remove(uid);
        held.remove(uid);
    }

    /** How many writes were sent to the API server. */
    public long sent() {
        return api.sent();
    }

    private void process(String uid) {
        Entry entry = entries.get(uid);
        if (entry == null) { // forget() removed it; a write that came since has an entry of its own
            budgets.remove(uid);
            held.remove(uid);
            return;
        }
        held.add(uid); // before the budget is read, so that who fills it up meanwhile finds the pod waiting
        Budget budget = budgets.computeIfAbsent(uid, _ -> new Budget(MOST_OF_POD, OF_POD_EVERY, ticker.elapsed()));
        Duration wait = budget.wait(ticker.elapsed());
        if (!wait.isZero()) {
            queue.addAfter(uid, wait);
            return;
        }
        held.remove(uid);
        try {
            Optional<ObservedStatus> known = latest.apply(uid)
                    .map(PodSnapshot::observedStatus)
                    .filter(observedStatus -> isCurrent(observedStatus, entry));
            written(entry, api.bring(entry.pod(), known, entry.want(), () -> budget.take(ticker.elapsed())));
        } catch (StatusApi.GoneException e) {
            entries.remove(uid);
            refill(uid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusApi.AnnotationRefusedException e) {
            refused.accept(entry.pod(), Reason.line(e));
            failed(entry, e);
        } catch (RuntimeException e) {
            if (entry.failures() + 1 >= FAILURES_UNTIL_REPORTED) {
                refused.accept(entry.pod(), Reason.line(e));
            }
            failed(entry, e);
        }
    }

    /** What is wanted by now may be something else. */
    private void written(Entry entry, long version) {
        String uid = entry.pod().uid();
        Entry now = entries.computeIfPresent(
                uid, (_, last) -> last.want().equals(entry.want()) ? last.doneAt(version) : last.wanting(version, 0));
        if (now != null && !now.done()) {
            queue.add(uid);
        } else if (now == null) { // forget() came before the budget of this write was made
            refill(uid);
        } else if (latest.apply(uid).isEmpty()) {
            entries.remove(uid, now);
            refill(uid);
        }
    }

    private void failed(Entry entry, Exception e) {
        if (entry.failures() == 0) {
            LOG.warn("pod {}: its status could not be written; another try follows: {}", entry.pod(), Reason.line(e));
        }
        entries.computeIfPresent(entry.pod().uid(), (_, now) -> now.wanting(now.version(), now.failures() + 1));
        queue.addAfter(entry.pod().uid(), BACKOFF.after(entry.failures() + 1, random));
    }

    /** Whether it was read after our last write: a watch may be behind. */
    private static boolean isCurrent(ObservedStatus observedStatus, Entry entry) {
        return observedStatus.version() > 0 && observedStatus.version() >= entry.version();
    }
}
