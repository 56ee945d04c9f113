package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.Optional;

/** Measures the paths between members. Agents of older versions, and those that have a shell, do not know how. */
public interface PathAgent {
    /** How long each of the two requests may take: a probe takes three seconds, and its session may have to be opened. */
    Duration DEADLINE = Duration.ofSeconds(5);

    /**
     * Lets a member answer a probe for {@link Echo#LIFETIME}; empty if its agent does not know how.
     *
     * @throws AgentException if the agent can't be reached, or has no such link or address
     */
    Optional<Echo> echo(PodSnapshot pod, EchoRequest request) throws AgentException, InterruptedException;

    /**
     * Sends packets to an echo, for three seconds at most, and gives what became of them; empty if the agent does not know
     * how.
     *
     * @throws AgentException if the agent can't be reached, or has no such link or address
     */
    Optional<PathReport> probe(PodSnapshot pod, ProbeRequest request) throws AgentException, InterruptedException;
}
