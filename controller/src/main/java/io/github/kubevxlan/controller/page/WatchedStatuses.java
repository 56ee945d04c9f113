package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Another store of statuses, from whose use it is known what happens to pods. A pod costs it one reference. A controller
 * that waits is not told to forget those that went, so they are looked for when there are many.
 */
public final class WatchedStatuses implements StatusStore {
    static final int FEWEST_MANY = 1024;

    private final StatusStore statuses;
    private final RecentChanges changes;
    private final Predicate<String> isThere;
    private final Map<String, PodSnapshot> pods = new ConcurrentHashMap<>();
    private volatile int many = FEWEST_MANY;

    /** Takes the store, where changes go, and whether there is a pod of a UID. */
    public WatchedStatuses(StatusStore statuses, RecentChanges changes, Predicate<String> isThere) {
        this.statuses = statuses;
        this.changes = changes;
        this.isThere = isThere;
    }

    /** How many pods it remembers. */
    int remembered() {
        return pods.size();
    }

    @Override
    public void write(PodRef pod, OverlayStatus status) {
        statuses.write(pod, status);
    }

    @Override
    public void writeLast(PodRef pod, OverlayStatus status) {
        statuses.writeLast(pod, status);
    }

    /** What is written on a pod when it is first seen happened earlier. */
    @Override
    public void seen(PodSnapshot pod) {
        if (pod.finished()) {
            left(pod.ref().uid());
        } else {
            PodSnapshot last = pods.put(pod.ref().uid(), pod);
            if (last == null) {
                removeGone();
            } else {
                StatusChanges.between(last.observedStatus(), pod.observedStatus())
                        .forEach(found -> changes.add(found.kind(), pod.ref(), found.network(), found.text()));
            }
        }
        statuses.seen(pod);
    }

    @Override
    public void expect(String uid) {
        statuses.expect(uid);
    }

    @Override
    public void forget(String uid) {
        left(uid);
        statuses.forget(uid);
    }

    private void removeGone() {
        if (pods.size() > many) {
            pods.keySet().removeIf(isThere.negate());
            many = Math.max(FEWEST_MANY, 2 * pods.size());
        }
    }

    private void left(String uid) {
        PodSnapshot last = pods.remove(uid);
        if (last != null) {
            StatusChanges.between(last.observedStatus(), ObservedStatus.NOTHING)
                    .forEach(found -> changes.add(found.kind(), last.ref(), found.network(), found.text()));
        }
    }
}
