package io.github.kubevxlan.controller.plan;

import java.util.Set;

/**
 * Links of ours that stay as they are.
 *
 * @param all whether all do that are not wanted: what the pod declares can't be read
 * @param networks those whose definition can't be read
 */
public record Frozen(boolean all, Set<String> networks) {
    public static final Frozen NOTHING = new Frozen(false, Set.of());

    public Frozen {
        networks = Set.copyOf(networks);
    }

    /** Whether a link of that network stays. */
    public boolean covers(String network) {
        return all || networks.contains(network);
    }
}
