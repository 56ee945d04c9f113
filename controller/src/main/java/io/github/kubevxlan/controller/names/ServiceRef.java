package io.github.kubevxlan.controller.names;

/**
 * A Service's identity. One that returns under its name has another UID and is another Service.
 *
 * @param uid the UID, unique in the cluster's history
 * @param namespace the namespace
 * @param name the name, a DNS label
 */
public record ServiceRef(String uid, String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
