package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Kubernetes object, or a document that is none, of which {@link #isOther} holds.
 *
 * @param place the file, the document and the item that it stands in, for messages
 * @param root the object, which is left as it is
 * @param namespace the one that it is made in, if it is made in one at all; empty where nobody says
 */
public record KubeObject(String place, ObjectNode root, String namespace) {
    private static final JsonPointer TEMPLATE = JsonPointer.compile("/spec/template");

    static KubeObject of(JsonNode root, String place, String namespace) throws MalformedManifestException {
        if (!(root instanceof ObjectNode object) || !isText(root.path("apiVersion")) || !isText(root.path("kind"))) {
            throw new MalformedManifestException(
                    place, describe(root), "a Kubernetes object with apiVersion and kind, or a List of them");
        }
        String own = root.path("metadata").path("namespace").asText();
        return new KubeObject(place, object, own.isEmpty() ? namespace : own);
    }

    /** The object that takes its place. */
    public KubeObject with(ObjectNode changed) {
        return new KubeObject(place, changed, namespace);
    }

    /** As in {@code Pod}. */
    public String kind() {
        return root.path("kind").asText();
    }

    /** Tells whether it is no Kubernetes object. */
    public boolean isOther() {
        return kind().isEmpty();
    }

    /** The API group; empty for that of Pods. */
    public String group() {
        String version = root.path("apiVersion").asText();
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    /** Its name, or the beginning of it where the API server is to complete it; may be empty. */
    public String name() {
        JsonNode metadata = root.path("metadata");
        String name = metadata.path("name").asText();
        return name.isEmpty() ? metadata.path("generateName").asText() : name;
    }

    /** Tells whether it is of that kind of the group of Pods. */
    public boolean isCore(String kind) {
        return group().isEmpty() && kind().equals(kind);
    }

    /** Where the pod is that it is, or that it makes others of; empty for what makes no pods. */
    public Optional<JsonPointer> pod() {
        return switch (group() + "/" + kind()) {
            case "/Pod" -> Optional.of(JsonPointer.empty());
            case "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job" ->
                Optional.of(TEMPLATE);
            case "batch/CronJob" -> Optional.of(JsonPointer.compile("/spec/jobTemplate/spec/template"));
            default -> Optional.empty();
        };
    }

    /** The members of an object of strings in it, by key; none where there is no such object. */
    public Map<String, String> strings(JsonPointer pointer) throws MalformedManifestException {
        JsonNode object = root.at(pointer);
        if (!object.isObject() && !object.isMissingNode() && !object.isNull()) {
            throw new MalformedManifestException(
                    title() + ", " + path(pointer), describe(object), "an object of texts");
        }
        Map<String, String> strings = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new MalformedManifestException(
                        title() + ", " + path(pointer) + "." + entry.getKey(),
                        entry.getValue().toString(),
                        "a text; numbers, true and false are texts in quotes");
            }
            strings.put(entry.getKey(), entry.getValue().asText());
        }
        return Collections.unmodifiableMap(strings);
    }

    /** The object at a place in it. */
    public ObjectNode object(JsonPointer pointer) throws MalformedManifestException {
        if (root.at(pointer) instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedManifestException(title() + ", " + path(pointer), describe(root.at(pointer)), "an object");
    }

    /** Where it stands and which it is, for messages. */
    public String title() {
        if (isOther()) {
            return place;
        }
        String name = name().isEmpty() ? "without a name" : name();
        boolean isInNone = isCore("Namespace") || namespace.isEmpty();
        return place + ", " + kind() + " " + (isInNone ? name : namespace + "/" + name);
    }

    private static boolean isText(JsonNode node) {
        return node.isTextual() && !node.asText().isEmpty();
    }

    private static String path(JsonPointer pointer) {
        return pointer.toString().substring(1).replace('/', '.');
    }

    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> isText(node.path("kind")) ? "no apiVersion" : "no kind";
            case MISSING, NULL -> "nothing";
            default -> "\"" + node.asText() + "\"";
        };
    }
}
