package io.github.kubevxlan.controller.pod;

import io.github.kubevxlan.controller.address.NameKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod's identity. A pod that returns under its name has another UID and is another pod.
 *
 * @param uid the UID, unique in the cluster's history
 * @param namespace the namespace
 * @param name the name
 * @param kind whether another pod comes under that name after it
 */
public record PodRef(String uid, String namespace, String name, NameKind kind) {
    /** One whose name does not return. */
    public PodRef(String uid, String namespace, String name) {
        this(uid, namespace, name, NameKind.PASSING);
    }

    /** The same pod may get another owner, and so another kind. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodRef ref
                && Objects.equals(uid, ref.uid)
                && Objects.equals(namespace, ref.namespace)
                && Objects.equals(name, ref.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(uid, namespace, name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
