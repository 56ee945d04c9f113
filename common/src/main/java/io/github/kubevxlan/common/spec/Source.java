package io.github.kubevxlan.common.spec;

/** Where a pod's networks come from; the first that says anything counts. A blank annotation says nothing. */
public enum Source {
    POD_NETWORKS,
    POD_NAMES,
    NAMESPACE_NETWORKS,
    NAMESPACE_NAMES,
    /** The definitions with {@code default=true}. */
    DEFAULT,
    /** No network anywhere. */
    NONE
}
