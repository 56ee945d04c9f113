package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.spec.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A pod as it came, with what the webhook wants to know of it. Everything else in the tree is left alone.
 *
 * @param root the pod; its shape is checked as far as it is read or patched here
 */
public record PodTree(JsonNode root) {
    private static final String WINDOWS = "windows";
    private static final String OS_LABEL = "kubernetes.io/os";

    /** Takes a pod; where it stands in the request is only for the message of the exception. */
    static PodTree of(JsonNode root, String where) throws MalformedReviewException {
        Shape.object(root, where);
        Shape.object(root.path("metadata"), where + ".metadata");
        Shape.strings(root.path("metadata").path("labels"), where + ".metadata.labels");
        Shape.strings(root.path("metadata").path("annotations"), where + ".metadata.annotations");
        Shape.object(root.path("spec"), where + ".spec");
        for (String list : new String[] {"containers", "initContainers", "volumes", "readinessGates"}) {
            Shape.objects(root.path("spec").path(list), where + ".spec." + list);
        }
        return new PodTree(root);
    }

    /** The labels, in order of their keys. */
    public Map<String, String> labels() {
        return Shape.strings(root.path("metadata").path("labels"));
    }

    /** The annotations, in order of their keys. */
    public Map<String, String> annotations() {
        return Shape.strings(root.path("metadata").path("annotations"));
    }

    /** Tells whether it uses the node's network. */
    boolean isHostNetwork() {
        return spec().path("hostNetwork").asBoolean();
    }

    /** Where it says that it is for Windows nodes, if it does. */
    Optional<String> windows() {
        if (spec().path("os").path("name").asText().equals(WINDOWS)) {
            return Optional.of("spec.os.name");
        }
        return spec().path("nodeSelector").path(OS_LABEL).asText().equals(WINDOWS)
                ? Optional.of("spec.nodeSelector, " + OS_LABEL)
                : Optional.empty();
    }

    /** The containers that have an agent's name: ours, or made by hand. */
    List<JsonNode> agents() {
        return allContainers().filter(PodTree::isAgent).toList();
    }

    static boolean isAgent(JsonNode container) {
        return Keys.isAgent(container.path("name").asText());
    }

    /** Init containers first, in their order. */
    Stream<JsonNode> allContainers() {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> StreamSupport.stream(spec().path(list).spliterator(), false));
    }

    JsonNode spec() {
        return root.path("spec");
    }
}
