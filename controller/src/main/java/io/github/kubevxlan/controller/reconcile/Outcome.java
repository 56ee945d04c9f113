package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import java.util.List;
import java.util.Optional;

/** How one attempt at a pod ended. */
public sealed interface Outcome {
    /**
     * The agent reported what is wanted, as far as it can be had.
     *
     * @param containers what became of the pod's other containers
     * @param problems why something of it can't be had now
     * @param networks what became of each network; empty where nothing was learnt of them
     * @param support what of the wanted packet filters the agent and its kernel can do
     * @param changes what the agent changed
     */
    record Settled(
            Containers containers,
            List<NetworkProblem> problems,
            Optional<List<NetworkStatus>> networks,
            FilterSupport support,
            List<Change> changes)
            implements Outcome {
        public Settled {
            problems = List.copyOf(problems);
            changes = List.copyOf(changes);
        }

        /** Whether packets were to be filtered, and the agent or its kernel can't. */
        public boolean unfiltered() {
            return support == FilterSupport.NONE;
        }
    }

    /** What became of the containers that wait for the pod's networks. */
    enum Containers {
        /** They wait, or nothing was learnt of them. */
        HELD,
        /** This attempt let them start. */
        RELEASED,
        /** An earlier attempt let them start. */
        STARTED
    }

    /** Nothing was asked of the agent: it does not run, or nothing changed since it last reported. */
    record Idle() implements Outcome {
        @Override
        public List<Change> changes() {
            return List.of();
        }
    }

    /**
     * It is to be tried again.
     *
     * @param reason in words for the pod's owner
     * @param changes what the agent changed before
     */
    record Failed(String reason, Cause cause, List<Change> changes) implements Outcome {
        public Failed {
            changes = List.copyOf(changes);
        }

        /** One that changed nothing. */
        public Failed(String reason, Cause cause) {
            this(reason, cause, List.of());
        }
    }

    /** What the agent changed, in order. */
    List<Change> changes();

    /** Why an attempt failed. */
    enum Cause {
        /** Nothing came back in time, or there was no way from the API server to the agent: it may be the node's fault. */
        UNANSWERED,
        /** There was no way to the API server: that says nothing of the agent. */
        CUT_OFF,
        /** The agent can't be used, or did not do what it was asked. */
        UNUSABLE,
        /** The agent answered, and was seen to lack what is wanted. */
        LOST,
        /** The agent answered, and what is wanted is not wholly there. */
        INCOMPLETE
    }
}
