package io.github.kubevxlan.controller.overlay;

import java.util.Set;

/**
 * Our links that stay as they are.
 *
 * @param all whether all do that are not wanted: what the pod declares can't be read
 * @param networks those whose definition can't be read
 * @param closed those that the pod may not join: nothing of them stays
 */
public record RetainedLinks(boolean all, Set<String> networks, Set<String> closed) {
    public static final RetainedLinks NOTHING = new RetainedLinks(false, Set.of(), Set.of());

    public RetainedLinks {
        networks = Set.copyOf(networks);
        closed = Set.copyOf(closed);
    }

    /** Whether a link of that network stays. */
    public boolean covers(String network) {
        return !closed.contains(network) && (all || networks.contains(network));
    }
}
