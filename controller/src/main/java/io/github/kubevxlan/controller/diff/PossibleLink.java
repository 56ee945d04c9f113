package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A wanted link as its pod can have it now.
 *
 * @param link the wanted link without what can't be had; the same object where all of it can
 * @param mtu in bytes
 * @param there the device that is to become it, under its name or another; empty if it is to be made
 * @param kept routes of ours that stay, since the wanted ones to the same destinations can't be had
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
