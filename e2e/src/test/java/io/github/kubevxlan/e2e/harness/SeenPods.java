package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pods of a namespace as a watch has seen them last. */
final class SeenPods {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final String namespace;

    SeenPods(String namespace) {
        this.namespace = namespace;
    }

    /** The watch has seen a pod, and what follows from it is done. */
    void add(Pod pod) {
        versions.put(uid(pod), pod.getMetadata().getResourceVersion());
    }

    /** Waits until the watch has seen every pod as it is now. */
    void awaitAll() {
        Await.until(
                "the watch has seen all pods of " + namespace,
                () -> Cluster.client().pods().inNamespace(namespace).list().getItems().stream()
                        .filter(pod -> !pod.getMetadata().getResourceVersion().equals(versions.get(uid(pod))))
                        .map(pod -> "not yet " + pod.getMetadata().getName())
                        .findFirst());
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
