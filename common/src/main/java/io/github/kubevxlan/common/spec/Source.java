package io.github.kubevxlan.common.spec;

/** Where a pod's networks come from; the first source that is not blank counts. */
public enum Source {
    POD_NETWORKS,
    POD_NAMES,
    NAMESPACE_NETWORKS,
    NAMESPACE_NAMES,
    /** The definitions with {@code default=true}. */
    DEFAULT,
    /** No network anywhere. */
    NONE;

    /** Whether the pod itself names its networks, so that nothing else counts. */
    public boolean isOfPod() {
        return this == POD_NETWORKS || this == POD_NAMES;
    }
}
