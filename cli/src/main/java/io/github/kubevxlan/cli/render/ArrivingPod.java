package io.github.kubevxlan.cli.render;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.webhook.PatchOp;
import java.util.List;

/**
 * Changes that the API server makes to a pod before and after it asks the webhook, as far as they affect the result.
 */
final class ArrivingPod {
    private ArrivingPod() {}

    /** The pod as the webhook sees it: what has a limit and no request requests as much. */
    static ObjectNode completed(ObjectNode pod) {
        ObjectNode completed = pod.deepCopy();
        if (!completed.has("metadata")) {
            completed.putObject("metadata");
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : completed.path("spec").path(list)) {
                if (container.path("resources") instanceof ObjectNode resources
                        && resources.path("limits") instanceof ObjectNode limits) {
                    requestAsMuch(resources, limits);
                }
            }
        }
        return completed;
    }

    private static void requestAsMuch(ObjectNode resources, ObjectNode limits) {
        if (resources.path("requests").isNull() || !resources.has("requests")) {
            resources.putObject("requests");
        }
        if (resources.path("requests") instanceof ObjectNode requests) {
            limits.properties().stream()
                    .filter(limit -> !requests.has(limit.getKey()))
                    .toList()
                    .forEach(limit -> requests.set(limit.getKey(), limit.getValue()));
        }
    }

    /** Applies a patch to the pod itself (RFC 6902 section 4). */
    static void patch(JsonNode pod, List<PatchOp> patch) {
        for (PatchOp op : patch) {
            JsonNode parent = pod.at(op.path().head());
            JsonPointer last = op.path().last();
            switch (op) {
                case PatchOp.Add(var path, JsonNode value) -> add(parent, last, value, path);
                case PatchOp.Remove(var path) -> remove(parent, last, path);
            }
        }
    }

    private static void add(JsonNode parent, JsonPointer last, JsonNode value, JsonPointer path) {
        switch (parent) {
            case ObjectNode object -> object.set(last.getMatchingProperty(), value);
            case ArrayNode array when last.getMatchingProperty().equals("-") -> array.add(value);
            case ArrayNode array when last.mayMatchElement() -> array.insert(last.getMatchingIndex(), value);
            default -> throw new IllegalStateException("nothing to add to: " + path);
        }
    }

    private static void remove(JsonNode parent, JsonPointer last, JsonPointer path) {
        boolean isThere = switch (parent) {
            case ObjectNode object -> object.remove(last.getMatchingProperty()) != null;
            case ArrayNode array -> last.mayMatchElement() && array.remove(last.getMatchingIndex()) != null;
            default -> false;
        };
        if (!isThere) {
            throw new IllegalStateException("nothing to remove: " + path);
        }
    }
}
