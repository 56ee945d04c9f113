package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds pods that the watch no longer shows: what is ours has to be taken out of those that still run. */
public interface Unlabelled {
    /**
     * The pod as it is now, if it is still the same one, has an address, and is not labelled.
     *
     * @throws AgentException if that can't be known now
     */
    Optional<PodSnapshot> find(PodRef pod) throws AgentException;

    /**
     * Gives every pod that has an agent and an address without the label: it may have lost it while nobody looked.
     *
     * @throws AgentException if they can't be listed now
     */
    void each(Consumer<PodSnapshot> action) throws AgentException;
}
