package io.github.kubevxlan.controller.diff;

import java.util.Optional;

/**
 * A change that an agent made in one pod, for logs, Events and metrics.
 *
 * @param kind what changed
 * @param action what happened to it
 * @param network the network that it belongs to; empty for a device of none of the pod's networks, and for filters
 * @param isRepair whether the pod had it as wanted before, so that somebody else had changed it
 * @param sentence what changed and why, as {@code recreated vxeth1: dstport 8472, wanted 14789}
 */
public record Change(Kind kind, Action action, Optional<String> network, boolean isRepair, String sentence) {
    /** What changed. */
    public enum Kind {
        /** A VXLAN interface. */
        LINK,
        /** A setting of an interface: name, mark, underlay, MTU, MAC, state, or an attribute. */
        SETTING,
        /** An address on an interface. */
        ADDRESS,
        /** A route over an interface. */
        ROUTE,
        /** Forwarding entries of an interface. */
        FDB,
        /** Neighbour entries of an interface. */
        NEIGHBOUR,
        /** The peer filter, or the guard against router advertisements and redirects. */
        FILTER
    }

    /** What happened to it. */
    public enum Action {
        /** It was not there, nor to be there before. */
        CREATED,
        /** It was there, and had to be replaced by another one. */
        RECREATED,
        /** It is not to be there any more. */
        REMOVED,
        /** Something of it. */
        CHANGED
    }
}
