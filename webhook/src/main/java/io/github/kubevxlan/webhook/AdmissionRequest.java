package io.github.kubevxlan.webhook;

import java.util.Map;

/**
 * What the API server asks (AdmissionReview v1).
 *
 * @param uid to be given back with the answer
 * @param namespace the one the object is in; what the object says of itself doesn't count
 * @param subject what it is about
 */
public record AdmissionRequest(String uid, String namespace, Subject subject) {
    /** What a request is about, as far as it is for us. */
    public sealed interface Subject {}

    /** A pod to be created. */
    public record NewPod(PodTree pod) implements Subject {}

    /**
     * A ConfigMap to be created or changed.
     *
     * @param name of the ConfigMap
     * @param before its data; empty for a new one
     * @param after its data if the request is granted
     */
    public record EditedConfigMap(String name, Map<String, String> before, Map<String, String> after)
            implements Subject {
        public EditedConfigMap {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
        }
    }

    /**
     * A ConfigMap to be deleted.
     *
     * @param name of the ConfigMap
     * @param annotations that it has
     */
    public record DeletedConfigMap(String name, Map<String, String> annotations) implements Subject {
        public DeletedConfigMap {
            annotations = Map.copyOf(annotations);
        }
    }

    /** Anything else. */
    public record Other() implements Subject {}
}
