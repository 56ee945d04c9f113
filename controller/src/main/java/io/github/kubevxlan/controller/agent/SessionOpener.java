package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.List;

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
}
