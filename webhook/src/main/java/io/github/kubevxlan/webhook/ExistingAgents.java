package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.spec.Keys;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Judges agents that a pod brings along. The webhook replaces those of older manifests, and ours in another version,
 * such as in a pod from a backup. Any other agent is the user's own.
 */
final class ExistingAgents {
    private static final Set<String> ENOUGH = Set.of("NET_ADMIN", "CAP_NET_ADMIN", "ALL");

    private ExistingAgents() {}

    /** Tells whether the pod has an agent that stays: ours from an earlier call, or one that we don't know. */
    static boolean stay(PodTree pod, AgentSettings settings) {
        List<JsonNode> agents = pod.agents();
        boolean areReplaced = agents.stream()
                .allMatch(agent -> settings.replaces(agent.path("image").asText()));
        return !agents.isEmpty() && !(areReplaced && hasApp(pod));
    }

    /** What keeps the pod's own agent from working, fit for the user; empty if nothing is to be seen. */
    static Optional<String> problem(PodTree pod) {
        return pod.agents().stream()
                .filter(agent -> agent.path("name").asText().equals(Keys.AGENT_CONTAINER))
                .findFirst()
                .map(agent -> mayProgram(agent)
                        ? Optional.<String>empty()
                        : Optional.of("the pod's own container " + Keys.AGENT_CONTAINER
                                + " has no capability NET_ADMIN (securityContext.capabilities.add):"
                                + " the controller can't set up the pod's networks"))
                .orElse(Optional.of("the pod has no container " + Keys.AGENT_CONTAINER
                        + ", without which the controller can't set up its networks"));
    }

    /** A pod of agents alone would have no container left. */
    private static boolean hasApp(PodTree pod) {
        return StreamSupport.stream(pod.spec().path("containers").spliterator(), false)
                .anyMatch(container -> !PodTree.isAgent(container));
    }

    private static boolean mayProgram(JsonNode agent) {
        JsonNode context = agent.path("securityContext");
        return context.path("privileged").asBoolean()
                || StreamSupport.stream(context.path("capabilities").path("add").spliterator(), false)
                        .anyMatch(capability -> ENOUGH.contains(capability.asText()));
    }
}
