package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import java.util.List;
import java.util.Optional;

/** How one attempt at a pod ended. */
public sealed interface Outcome {
    /**
     * The agent reported what is wanted, as far as it can be had.
     *
     * @param released whether the pod's containers were let go by this attempt
     * @param problems why something of it can't be had now
     * @param networks what became of each network; empty where nothing was learnt of them
     * @param unfiltered whether packets were to be filtered, and the agent or its kernel can't
     * @param started whether the pod's containers were let go, by this attempt or an earlier one; false where nothing was
     *     learnt of that
     */
    record Settled(
            boolean released,
            List<NetworkProblem> problems,
            Optional<List<NetworkStatus>> networks,
            boolean unfiltered,
            boolean started)
            implements Outcome {
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
    record Failed(String reason, Cause cause) implements Outcome {}

    /** Why an attempt failed. */
    enum Cause {
        /** Nothing came back in time, or there was no way to the agent: it may be the node's fault. */
        UNANSWERED,
        /** The agent can't be used, or did not do what it was asked. */
        UNUSABLE,
        /** The agent answered, and was seen to lack what is wanted. */
        LOST,
        /** The agent answered, and what is wanted is not wholly there. */
        INCOMPLETE
    }
}
