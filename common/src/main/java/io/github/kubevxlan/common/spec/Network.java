package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network as one pod sees it: its definition, overridden by the pod's own options.
 *
 * @param name the network's name, the key of its definition
 * @param macs MACs that somebody chose for the pod's interface, or by name for those of others too; the first counts
 */
public record Network(String name, SegmentOptions shared, LinkOptions link, IpOptions ip, List<ChosenMac> macs) {
    private static final int IPV6_METRIC = 1024;

    public Network {
        macs = List.copyOf(macs);
    }

    /** One in which nobody chose a MAC. */
    public Network(String name, SegmentOptions shared, LinkOptions link, IpOptions ip) {
        this(name, shared, link, ip, List.of());
    }

    /** The MAC that somebody chose for the pod. */
    public Optional<Mac> mac() {
        return macs.stream().findFirst().map(ChosenMac::mac);
    }

    /** The same for a pod, given as {@code NAMESPACE/NAME}: without the MACs of others. */
    public Network of(String pod) {
        List<ChosenMac> own = macs.stream().filter(mac -> mac.isFor(pod)).toList();
        return own.equals(macs) ? this : new Network(name, shared, link, ip, own);
    }

    /** VNI and port of the segment that this network is. */
    public Segment segment() {
        return shared.segment();
    }

    public Vni vni() {
        return segment().vni();
    }

    public Port port() {
        return segment().port();
    }

    public Optional<Family> family() {
        return shared.family();
    }

    public Forwarding forwarding() {
        return shared.forwarding();
    }

    public PortSecurity security() {
        return shared.checks().security();
    }

    public ReadyWhen ready() {
        return shared.checks().ready();
    }

    public List<IpAddr> peers() {
        return shared.peers();
    }

    public IfName ifName() {
        return link.ifName();
    }

    public IfName dev() {
        return link.dev();
    }

    public boolean up() {
        return link.up();
    }

    public Mtu mtu() {
        return link.mtu();
    }

    public List<InterfaceAddress> addresses() {
        return ip.addresses();
    }

    public List<Pool> pools() {
        return ip.pools();
    }

    public List<Route> routes() {
        return ip.routes();
    }

    public OptionalInt metric() {
        return ip.metric();
    }

    public Advertisements advertisements() {
        return ip.advertisements();
    }

    /** An attribute of the link: what is set, or the kernel's own. */
    public int attribute(LinkAttribute attribute) {
        return link.attributes().getOrDefault(attribute, attribute.kernelDefault());
    }

    /** The same with what holds for all members of the segment. */
    Network shared(Forwarding forwarding, List<IpAddr> peers, Checks checks) {
        return new Network(name, new SegmentOptions(segment(), family(), forwarding, peers, checks), link, ip, macs);
    }

    /** The same without port security. */
    public Network unsecured() {
        return shared(forwarding(), peers(), new Checks(PortSecurity.OFF, ready()));
    }

    /** The same with these addresses in place of its own, and without the routes whose gateways none of them reaches. */
    public Network addressed(List<InterfaceAddress> given) {
        return fitted(
                ifName(),
                dev(),
                given,
                routes().stream().filter(route -> isInReach(route, given)).toList());
    }

    /** The same under another interface name, over another device, with other addresses and routes. */
    public Network fitted(IfName name, IfName over, List<InterfaceAddress> given, List<Route> reached) {
        return new Network(
                this.name,
                shared,
                new LinkOptions(name, over, up(), mtu(), link.tuning()),
                new IpOptions(given, pools(), reached, metric(), advertisements()),
                macs);
    }

    /** What is done to the packets that the interface sends. */
    public Impairments impairments() {
        return link.tuning().impairments();
    }

    /** The same with other impairments. */
    public Network impaired(Impairments others) {
        LinkTuning tuning = new LinkTuning(link.attributes(), others);
        return new Network(name, shared, new LinkOptions(ifName(), dev(), up(), mtu(), tuning), ip, macs);
    }

    /** The metric that the kernel reports of a route: what is set or, without that, IP6_RT_PRIO_USER in IPv6. */
    public long metric(Route route) {
        return metric().orElse(route.destination().network().isIpv6() ? IPV6_METRIC : 0);
    }

    /** Whether a route's gateway is link-local or in the network of one of these addresses; multicast has none. */
    public static boolean isInReach(Route route, List<InterfaceAddress> addresses) {
        return route.gateway()
                .map(gateway -> gateway.value().isLinkLocal()
                        || addresses.stream()
                                .anyMatch(address -> address.network().contains(gateway)))
                .orElse(true);
    }
}
