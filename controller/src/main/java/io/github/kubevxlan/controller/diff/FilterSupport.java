package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredPod;

/** What of the wanted packet filters a pod's agent and kernel can do. */
public enum FilterSupport {
    /** All of them. */
    ALL,
    /** All but port security: the agent or its nft is too old. */
    NO_SECURITY,
    /** None. */
    NONE;

    /** That of an agent which reported its devices, for a pod that is to have these filters. */
    public static FilterSupport of(DesiredPod declared, ObservedPod seen) {
        if (declared.isFiltered() && seen.filters().isEmpty()) {
            return NONE;
        }
        return declared.isSecured() && !seen.filters().orElseThrow().security().isKnown() ? NO_SECURITY : ALL;
    }

    /** What the pod can have. */
    public DesiredPod usable(DesiredPod want) {
        return switch (this) {
            case ALL -> want;
            case NO_SECURITY -> want.unsecured();
            case NONE -> want.unfiltered();
        };
    }
}
