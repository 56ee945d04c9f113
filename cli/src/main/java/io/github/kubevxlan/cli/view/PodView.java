package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * A labelled pod as {@code list pods} shows it.
 *
 * @param identity which pod it is, and where
 * @param sidecar its agent
 * @param standing how it is, and why
 * @param networks in the order declared
 */
public record PodView(
        @JsonUnwrapped Identity identity,
        @JsonUnwrapped Sidecar sidecar,
        @JsonUnwrapped Standing standing,
        List<PodNetworkView> networks) {
    /**
     * Which pod it is, and where.
     *
     * @param namespace the pod's
     * @param name the pod's
     * @param node where it runs; empty before it is scheduled
     * @param podIps its addresses in the cluster network
     */
    public record Identity(String namespace, String name, String node, List<String> podIps) {}

    /**
     * A pod's agent.
     *
     * @param agent {@code Running}, {@code Waiting}, {@code None}, {@code Windows} or {@code Static}
     * @param agentImage the agent's image; empty without an agent
     */
    public record Sidecar(String agent, String agentImage) {}

    /**
     * How a pod is.
     *
     * @param state one word; docs/cli.md lists them
     * @param reason why it is in that state; empty if it is ready
     */
    public record Standing(String state, String reason) {}

    /** The pod's namespace. */
    public String namespace() {
        return identity.namespace();
    }

    /** The pod's name. */
    public String name() {
        return identity.name();
    }

    /** One word. */
    public String state() {
        return standing.state();
    }

    /** Why it is in that state; empty if it is ready. */
    public String reason() {
        return standing.reason();
    }

    /** The agent's image; empty without an agent. */
    public String agentImage() {
        return sidecar.agentImage();
    }
}
