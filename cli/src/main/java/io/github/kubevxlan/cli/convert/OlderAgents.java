package io.github.kubevxlan.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.webhook.AgentSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Removes the agents of older manifests from pods, because the webhook adds today's agent. */
final class OlderAgents {
    private static final Set<String> REPLACED = Set.of("name", "image", "imagePullPolicy", "securityContext");

    private OlderAgents() {}

    /**
     * Takes them out.
     *
     * @param settings which images are those of older agents
     * @param warn takes what is not carried over, a sentence each
     */
    static void takeOut(ObjectNode podSpec, AgentSettings settings, Consumer<String> warn) {
        List<JsonNode> agents = Stream.of("initContainers", "containers")
                .flatMap(list -> StreamSupport.stream(podSpec.path(list).spliterator(), false))
                .filter(OlderAgents::isAgent)
                .toList();
        for (JsonNode agent : agents) {
            if (!settings.replaces(agent.path("image").asText())) {
                warn.accept("container %s has image %s, not that of an older agent: it stays, and the webhook adds none"
                        .formatted(
                                agent.path("name").asText(), agent.path("image").asText()));
                return;
            }
        }
        if (!hasApp(podSpec)) {
            warn.accept("all containers of the pod are agents: they stay");
            return;
        }
        agents.forEach(agent -> tellWhatIsLost(agent, warn));
        takeOut(podSpec, "initContainers");
        takeOut(podSpec, "containers");
    }

    private static void takeOut(ObjectNode podSpec, String list) {
        if (podSpec.path(list) instanceof ArrayNode containers) {
            for (Iterator<JsonNode> each = containers.iterator(); each.hasNext(); ) {
                if (isAgent(each.next())) {
                    each.remove();
                }
            }
            if (containers.isEmpty()) {
                podSpec.remove(list);
            }
        }
    }

    private static void tellWhatIsLost(JsonNode agent, Consumer<String> warn) {
        List<String> lost = new ArrayList<>();
        agent.fieldNames().forEachRemaining(field -> {
            if (!REPLACED.contains(field)) {
                lost.add(field);
            }
        });
        if (!lost.isEmpty()) {
            warn.accept("container %s: %s not carried over, because the webhook's agent has its own"
                    .formatted(
                            agent.path("name").asText(),
                            String.join(", ", lost) + (lost.size() == 1 ? " is" : " are")));
        }
    }

    private static boolean hasApp(ObjectNode podSpec) {
        return StreamSupport.stream(podSpec.path("containers").spliterator(), false)
                .anyMatch(container -> !isAgent(container));
    }

    private static boolean isAgent(JsonNode container) {
        return Keys.isAgent(container.path("name").asText());
    }
}
