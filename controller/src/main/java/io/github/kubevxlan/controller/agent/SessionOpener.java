package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.plan.PodRef;
import java.time.Duration;

/** Opens shells in agents. */
@FunctionalInterface
public interface SessionOpener {
    /**
     * Opens a shell; waits until it is there.
     *
     * @throws AgentException if it can't be had within the deadline
     */
    AgentSession open(PodRef pod, Duration deadline) throws AgentException, InterruptedException;
}
