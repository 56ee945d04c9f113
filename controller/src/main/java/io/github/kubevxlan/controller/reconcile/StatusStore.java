package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;

/** Keeps what is written back on pods as it was last given; never blocks. */
public interface StatusStore {
    /** Has it written soon, unless the pod has it already. What is given next for the pod takes its place. */
    void write(PodRef pod, OverlayStatus status);

    /** A pod as the API server has it now: what was written and is no longer there is written again. */
    void seen(PodSnapshot pod);

    /** Writes nothing on the pod any more. */
    void forget(String uid);
}
