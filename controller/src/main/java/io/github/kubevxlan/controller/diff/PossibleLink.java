package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A desired link as its pod can have it now.
 *
 * @param link the wanted link without what the pod can't have; the same object where it can have all
 * @param mtu in bytes
 * @param there the device that is to become it, under its name or another; empty if it is to be made
 * @param kept routes of ours that stay, since the pod can't have the wanted ones to the same destinations
 */
record PossibleLink(DesiredLink link, int mtu, Optional<ObservedLink> there, List<ObservedRoute> kept) {
    PossibleLink {
        kept = List.copyOf(kept);
    }

    /** The same without entries for some peers. */
    PossibleLink withoutPeers(Set<IpAddr> gone) {
        return new PossibleLink(link.withoutPeers(gone), mtu, there, kept);
    }
}
