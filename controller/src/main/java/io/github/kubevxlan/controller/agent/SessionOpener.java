package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Starts programs in agents. */
@FunctionalInterface
public interface SessionOpener {
    /**
     * Starts a program in the pod's running agent; waits until the API server says that it is started.
     *
     * @throws AgentException if it can't be had within the deadline
     */
    AgentSession open(PodSnapshot pod, List<String> command, Duration deadline)
            throws AgentException, InterruptedException;

    /**
     * Whether a pod is there and is not being deleted, so that its session that broke is worth replacing: the agent may
     * have ended before the watch told why.
     *
     * @return true as well if nobody says within the deadline
     */
    default boolean isStaying(PodSnapshot pod, Duration deadline) throws InterruptedException {
        return true;
    }

    /**
     * The same, but not for pods that are ending when a program is to start: a call that began before its pod was deleted
     * may find its session broken since the pod ends.
     */
    default SessionOpener unless(Predicate<PodSnapshot> ending) {
        SessionOpener opener = this;
        return new SessionOpener() {
            @Override
            public AgentSession open(PodSnapshot pod, List<String> command, Duration deadline)
                    throws AgentException, InterruptedException {
                if (ending.test(pod)) {
                    throw new BrokenSessionException("the pod is ending");
                }
                return opener.open(pod, command, deadline);
            }

            @Override
            public boolean isStaying(PodSnapshot pod, Duration deadline) throws InterruptedException {
                return !ending.test(pod) && opener.isStaying(pod, deadline);
            }
        };
    }
}
