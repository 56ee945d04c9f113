package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One document of a file: a Kubernetes object, a {@code List} of them, or something else that a command allows there.
 *
 * @param root the document, which is left as it is
 * @param objects the objects in it, in their order
 */
public record Manifest(ObjectNode root, List<KubeObject> objects) {
    private static final String ITEMS = "items";

    public Manifest {
        objects = List.copyOf(objects);
    }

    /** Something done to an object that may be malformed. */
    @FunctionalInterface
    public interface Change {
        /** Gives the object that takes the place of one; empty if none does. */
        Optional<ObjectNode> of(KubeObject object) throws MalformedManifestException;
    }

    /**
     * Takes a document.
     *
     * @param where the file and the document's number, for messages
     * @param namespace of objects that name none; empty where nobody says
     */
    static Manifest of(JsonNode document, String where, String namespace) throws MalformedManifestException {
        KubeObject whole = KubeObject.of(document, where, namespace);
        if (!isList(whole)) {
            return new Manifest(whole.root(), List.of(whole));
        }
        List<KubeObject> objects = new ArrayList<>();
        for (JsonNode item : whole.root().path(ITEMS)) {
            objects.add(KubeObject.of(item, where + ", item " + (objects.size() + 1), namespace));
        }
        return new Manifest(whole.root(), objects);
    }

    /** Takes a document that is no Kubernetes object; it stands for itself among the objects. */
    static Manifest other(ObjectNode document, String where, String namespace) {
        return new Manifest(document, List.of(new KubeObject(where, document, namespace)));
    }

    /** The document with each of its objects changed; empty if none of them is left. */
    public Optional<Manifest> changed(Change change) throws MalformedManifestException {
        List<KubeObject> left = new ArrayList<>();
        for (KubeObject object : objects) {
            change.of(object).ifPresent(made -> left.add(object.with(made)));
        }
        if (root.path(ITEMS).isArray()) {
            ObjectNode list = root.deepCopy();
            ArrayNode items = list.putArray(ITEMS);
            left.forEach(object -> items.add(object.root()));
            return left.isEmpty() && !objects.isEmpty() ? Optional.empty() : Optional.of(new Manifest(list, left));
        }
        return left.stream().findFirst().map(object -> new Manifest(object.root(), left));
    }

    private static boolean isList(KubeObject whole) {
        return whole.kind().endsWith("List") && whole.root().path(ITEMS).isArray();
    }
}
