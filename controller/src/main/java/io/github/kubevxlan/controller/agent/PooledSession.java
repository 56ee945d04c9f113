package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.Optional;

/** An open session with what its agent said of itself. {@link OpenSessions} guards what changes. */
final class PooledSession {
    final AgentSession session;
    final Dialect dialect;
    final Optional<String> version;
    final boolean probes;
    final long number;
    Duration used = Duration.ZERO;
    boolean busy = true;
    private final String agentId;
    private final IpAddr primary;

    PooledSession(AgentSession session, Dialect dialect, Greeting greeting, long number, PodSnapshot pod) {
        this.session = session;
        this.dialect = dialect;
        this.version = greeting.version();
        this.probes = greeting.probes();
        this.number = number;
        this.agentId = pod.agentId();
        this.primary = pod.primary();
    }

    /** Whether it is with the agent that runs in the pod now; it may have ended all the same. */
    boolean isOf(PodSnapshot pod) {
        return primary.equals(pod.primary()) && agentId.equals(pod.agentId());
    }
}
