package io.github.kubevxlan.controller.reconcile;

import java.util.List;

/** How one attempt at a pod ended. */
public sealed interface Outcome {
    /**
     * The agent reported what is wanted, as far as it can be had.
     *
     * @param released whether the pod's containers were let go by this attempt
     * @param problems why something of it can't be had now, a sentence each
     */
    record Settled(boolean released, List<String> problems) implements Outcome {
        public Settled {
            problems = List.copyOf(problems);
        }
    }

    /** Nothing was asked of the agent: it does not run, or nothing changed since it last reported. */
    record Idle() implements Outcome {}

    /**
     * It is to be tried again.
     *
     * @param reason in words for the pod's owner
     */
    record Failed(String reason) implements Outcome {}
}
