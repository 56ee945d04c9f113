package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;

/** Keeps what is written back on pods as it was last given; never blocks. */
public interface StatusStore {
    /** Has it written soon, unless the pod has it already. What is given next for the pod takes its place. */
    void write(PodRef pod, OverlayStatus status);

    /** Has it written as the last that is written on a pod, which {@link #forget} takes no more back. */
    void writeLast(PodRef pod, OverlayStatus status);

    /** A pod as the API server has it now: what was written and is no longer there is written again. */
    void seen(PodSnapshot pod);

    /** What a pod declares or is changed: what is written next tells of that, and is not held back. */
    void expect(String uid);

    /** Writes nothing on the pod any more, but for what was to be the last. */
    void forget(String uid);
}
