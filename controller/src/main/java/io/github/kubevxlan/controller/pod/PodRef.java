package io.github.kubevxlan.controller.pod;

/**
 * A pod's identity. A pod that returns under its name has another UID and is another pod.
 *
 * @param uid the UID, unique in the cluster's history
 * @param namespace the namespace
 * @param name the name
 */
public record PodRef(String uid, String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
