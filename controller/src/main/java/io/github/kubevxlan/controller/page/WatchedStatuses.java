package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Another store of statuses, from whose use it is known what happens to pods. A pod costs it one reference. */
public final class WatchedStatuses implements StatusStore {
    private final StatusStore statuses;
    private final Changes changes;
    private final Map<String, PodSnapshot> pods = new ConcurrentHashMap<>();

    /** Takes the store, and where changes go. */
    public WatchedStatuses(StatusStore statuses, Changes changes) {
        this.statuses = statuses;
        this.changes = changes;
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
            if (last != null) {
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

    private void left(String uid) {
        PodSnapshot last = pods.remove(uid);
        if (last != null) {
            StatusChanges.between(last.observedStatus(), ObservedStatus.NOTHING)
                    .forEach(found -> changes.add(found.kind(), last.ref(), found.network(), found.text()));
        }
    }
}
