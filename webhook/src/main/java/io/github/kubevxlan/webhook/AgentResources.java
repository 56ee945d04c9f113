package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the agent asks of the node, so that the pod keeps its quality-of-service class. */
final class AgentResources {
    private static final String MEMORY_LIMIT = "64Mi";

    private AgentResources() {}

    /**
     * The agent's ResourceRequirements. Empty for a pod with resources of its own (pod-level, Kubernetes 1.34): these
     * bound the agent too, and requests added to its containers' could exceed them.
     */
    static Optional<ObjectNode> of(PodTree pod) {
        if (!pod.spec().path("resources").isEmpty()) {
            return Optional.empty();
        }
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        ObjectNode requests = resources.putObject("requests");
        ObjectNode limits = resources.putObject("limits").put("memory", MEMORY_LIMIT);
        if (isGuaranteed(pod)) {
            requests.put("cpu", "100m").put("memory", MEMORY_LIMIT);
            limits.put("cpu", "100m");
        } else {
            requests.put("cpu", "5m").put("memory", "8Mi");
        }
        return Optional.of(resources);
    }

    /** Each limits both and requests the same, agents aside; the API server has filled in absent requests. */
    private static boolean isGuaranteed(PodTree pod) {
        return pod.allContainers()
                .filter(container -> !PodTree.isAgent(container))
                .allMatch(AgentResources::isGuaranteed);
    }

    private static boolean isGuaranteed(JsonNode container) {
        JsonNode resources = container.path("resources");
        for (String name : new String[] {"cpu", "memory"}) {
            JsonNode limit = resources.path("limits").path(name);
            JsonNode request = resources.path("requests").path(name);
            if (Shape.isNothing(limit) || !(Shape.isNothing(request) || request.equals(limit))) {
                return false;
            }
        }
        return true;
    }
}
