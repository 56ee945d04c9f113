package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.plan.PodSnapshot;
import java.time.Duration;

/** Opens shells in agents. */
@FunctionalInterface
public interface SessionOpener {
    /**
     * Opens a shell in the pod's running agent; waits until it is there.
     *
     * @throws AgentException if it can't be had within the deadline
     */
    AgentSession open(PodSnapshot pod, Duration deadline) throws AgentException, InterruptedException;
}
