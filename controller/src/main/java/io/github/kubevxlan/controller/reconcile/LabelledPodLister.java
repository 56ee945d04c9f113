package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.function.Consumer;

/** The labelled pods as they are, where the watch may be behind. */
public interface LabelledPodLister {
    /**
     * Gives every one of them, with all that was written on them before this was asked.
     *
     * @throws PodReadException if they can't be listed now
     */
    void each(Consumer<PodSnapshot> action) throws PodReadException;

    /**
     * Whether a pod is there and labelled.
     *
     * @throws PodReadException if that can't be known now
     */
    boolean isThere(PodRef pod) throws PodReadException;
}
