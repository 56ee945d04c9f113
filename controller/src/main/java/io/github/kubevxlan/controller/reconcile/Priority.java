package io.github.kubevxlan.controller.reconcile;

/** Why a key is to be worked on, the most urgent reason first. */
public enum Priority {
    /** A pod whose containers wait, or that is not ready yet. */
    NEW_POD,
    /** Something of the pod itself changed. */
    OWN_CHANGE,
    /** A pod that it sends to came, changed or went. */
    PEER_CHANGE,
    /** Nothing is known to have changed: a drift check, or the first comparison by a new leader. */
    CHECK;

    /** The more urgent of two. */
    static Priority first(Priority one, Priority other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
