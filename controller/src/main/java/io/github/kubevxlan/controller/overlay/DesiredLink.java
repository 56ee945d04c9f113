package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Advertisements;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Security;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A VXLAN link as one pod should have it: a part of its desired state.
 *
 * @param network the network with the pod's own options
 * @param vtep the pod's own end of it
 * @param peers what its segment's members hold of each other, of the pod itself too
 * @param own entries for the pod itself, which others may have and it has not
 * @param filter what keeps out packets of others than peers; empty where it is not wanted
 */
public record DesiredLink(Network network, Vtep vtep, PeerTable peers, List<Entry> own, Optional<Filter> filter) {
    public DesiredLink {
        own = List.copyOf(own);
    }

    /**
     * The pod's own end of the network.
     *
     * @param local its address in the underlay
     * @param mac the link's MAC; with {@code forwarding=flood} an app may set one of its own
     */
    public record Vtep(IpAddr local, Mac mac) {}

    public IpAddr local() {
        return vtep.local();
    }

    public Mac mac() {
        return vtep.mac();
    }

    /** The link's name in the pod. */
    public IfName name() {
        return network.ifName();
    }

    /** The segment that it is in. */
    public SegmentKey segment() {
        return SegmentKey.of(network, local());
    }

    /** The entries for the pod itself that the shared table contains: its peers hold them, its own kernel does not. */
    public Stream<Entry> ownInPeerTable() {
        return own.stream().filter(peers::contains);
    }

    /** The same with another network, which is in the same segment. */
    public DesiredLink with(Network other) {
        return new DesiredLink(other, vtep, peers, own, filter);
    }

    /** The same for a link that has no IPv6, whose kernel takes no IPv6 neighbours (ndisc_allow_add). */
    public DesiredLink withoutIpv6Neighbours() {
        PeerTable rest = peers.withoutIpv6Neighbours();
        return rest.equals(peers)
                ? this
                : new DesiredLink(
                        network,
                        vtep,
                        rest,
                        own.stream().filter(entry -> !entry.isIpv6Neighbour()).toList(),
                        filter);
    }

    /** The same without entries for some peers. */
    public DesiredLink withoutPeers(Set<IpAddr> gone) {
        return new DesiredLink(network, vtep, peers.without(gone), own, filter);
    }

    /** Whether it takes no router advertisements and redirects. */
    public boolean isGuarded() {
        return network.advertisements() == Advertisements.IGNORE;
    }

    /** Whether it has the other's name and entries. */
    boolean hasTableOf(DesiredLink other) {
        return name().equals(other.name()) && peers.equals(other.peers);
    }

    /** What becomes of packets that their sender must not send; it comes with the filter. */
    public Security security() {
        return filter.isPresent() ? network.security().mode() : Security.OFF;
    }

    /** Its filter if it has port security. */
    public Optional<Filter> secured() {
        return filter.filter(_ -> security() != Security.OFF);
    }

    /** The same for a pod whose kernel or agent can't filter packets. */
    DesiredLink unfiltered() {
        List<Entry> rest = own.stream()
                .filter(entry -> !(entry instanceof Entry.Admitted) && !(entry instanceof Entry.Permitted))
                .toList();
        return new DesiredLink(network, vtep, peers.unfiltered(), rest, Optional.empty());
    }

    /** The same for a pod whose agent does not know port security. */
    DesiredLink unsecured() {
        if (security() == Security.OFF) {
            return this;
        }
        List<Entry> rest = own.stream()
                .filter(entry -> !(entry instanceof Entry.Permitted))
                .toList();
        return new DesiredLink(network.unsecured(), vtep, peers.unsecured(), rest, filter);
    }

    /** Whether it differs from the other in nothing but entries for other pods. */
    boolean differsInPeersOnly(DesiredLink other) {
        return network.equals(other.network)
                && vtep.equals(other.vtep)
                && own.equals(other.own)
                && filter.equals(other.filter);
    }
}
