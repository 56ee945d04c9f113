package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import java.util.List;
import java.util.stream.Stream;

/**
 * A VXLAN link as one pod should have it.
 *
 * @param network the network with the pod's own options
 * @param local the pod's own VTEP in it
 * @param mac the link's MAC; with {@code forwarding=flood} it is set once and then whoever's
 * @param vteps what its segment's members hold of each other, of the pod itself too
 * @param own entries for the pod itself, which others may have and it has not
 */
public record DesiredLink(Network network, IpAddr local, Mac mac, Vteps vteps, List<Entry> own) {
    public DesiredLink {
        own = List.copyOf(own);
    }

    /** The link's name in the pod. */
    public IfName name() {
        return network.ifName();
    }

    /** The segment that it is in. */
    public SegmentKey segment() {
        return SegmentKey.of(network, local);
    }

    /** What it takes to get from what its tables hold to {@link Vteps#all()}. */
    public Stream<Entry> ownAmongAll() {
        return own.stream().filter(vteps::contains);
    }

    /** Whether it differs from the other in nothing but entries for other pods. */
    boolean differsInVtepsOnly(DesiredLink other) {
        return network.equals(other.network)
                && local.equals(other.local)
                && mac.equals(other.mac)
                && own.equals(other.own);
    }
}
