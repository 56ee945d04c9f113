package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A VXLAN link as one pod should have it.
 *
 * @param network the network with the pod's own options
 * @param local the pod's own VTEP in it
 * @param mac the link's MAC; with {@code forwarding=flood} it is set once and then whoever's
 * @param vteps what its segment's members hold of each other, of the pod itself too
 * @param own entries for the pod itself, which others may have and it has not
 * @param filter what keeps out packets of others than peers; empty where it is not wanted
 */
public record DesiredLink(
        Network network, IpAddr local, Mac mac, Vteps vteps, List<Entry> own, Optional<Filter> filter) {
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

    /** The same for a pod whose kernel or agent can't filter packets. */
    DesiredLink unfiltered() {
        List<Entry> rest =
                own.stream().filter(entry -> !(entry instanceof Entry.Admitted)).toList();
        return new DesiredLink(network, local, mac, vteps.unfiltered(), rest, Optional.empty());
    }

    /** Whether it differs from the other in nothing but entries for other pods. */
    boolean differsInVtepsOnly(DesiredLink other) {
        return network.equals(other.network)
                && local.equals(other.local)
                && mac.equals(other.mac)
                && own.equals(other.own)
                && filter.equals(other.filter);
    }
}
