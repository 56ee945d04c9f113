package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.NodeOs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A pod from a request, with accessors for what the webhook needs. It leaves everything else in the tree alone.
 *
 * @param root the pod; its shape is checked as far as it is read or patched here
 */
public record PodTree(JsonNode root) {
    private static final String WINDOWS = "windows";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    /** Takes a pod; where it stands in the request is only for the message of the exception. */
    public static PodTree of(JsonNode root, String where) throws MalformedReviewException {
        Shape.object(root, where);
        Shape.object(root.path("metadata"), where + ".metadata");
        Shape.strings(root.path("metadata").path("labels"), where + ".metadata.labels");
        Shape.strings(root.path("metadata").path("annotations"), where + ".metadata.annotations");
        Shape.object(root.path("spec"), where + ".spec");
        for (String list :
                new String[] {"containers", "initContainers", "volumes", "readinessGates", "imagePullSecrets"}) {
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

    /** Tells whether it only mirrors a static pod, which a kubelet runs from a file. */
    boolean isMirror() {
        return annotations().containsKey(MIRROR);
    }

    /** Where it says that it is for Windows nodes, and what it says there; empty if it can run on Linux. */
    Optional<String> windows() {
        if (spec().path("os").path("name").asText().equals(WINDOWS)) {
            return Optional.of("spec.os.name: found windows");
        }
        if (spec().path("nodeSelector").path(NodeOs.LABEL).asText().equals(WINDOWS)) {
            return Optional.of("spec.nodeSelector, " + NodeOs.LABEL + ": found windows");
        }
        if (Stream.concat(Stream.of(spec()), allContainers()).anyMatch(PodTree::hasWindowsOptions)) {
            return Optional.of("securityContext.windowsOptions: found options for windows");
        }
        return NodeOs.excluding(requiredNodes())
                .map(found -> "spec.affinity.nodeAffinity, " + NodeOs.LABEL + ": found " + found);
    }

    private static boolean hasWindowsOptions(JsonNode specOrContainer) {
        return !specOrContainer.path("securityContext").path("windowsOptions").isEmpty();
    }

    private List<List<NodeOs.Requirement>> requiredNodes() {
        JsonNode terms = spec().path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        return stream(terms)
                .map(term -> Stream.concat(stream(term.path("matchExpressions")), stream(term.path("matchFields")))
                        .map(PodTree::requirement)
                        .toList())
                .toList();
    }

    private static NodeOs.Requirement requirement(JsonNode node) {
        return new NodeOs.Requirement(
                node.path("key").asText(),
                node.path("operator").asText(),
                stream(node.path("values")).map(JsonNode::asText).collect(Collectors.toUnmodifiableSet()));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
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
        return Stream.of("initContainers", "containers").flatMap(list -> stream(spec().path(list)));
    }

    /** All containers but the agents. */
    Stream<JsonNode> apps() {
        return allContainers().filter(container -> !isAgent(container));
    }

    JsonNode spec() {
        return root.path("spec");
    }
}
