package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network as one pod sees it: its definition, overridden by the pod's own options.
 *
 * @param name the network's name, the key of its definition
 * @param vni the segment's identifier
 * @param port the UDP port of the segment
 * @param family of the underlay addresses that its members send to; empty for that of each pod's primary address
 * @param ifName the interface in the pod
 * @param dev the underlay device in the pod
 * @param up whether the link is up
 * @param addresses the interface's addresses, in the order given, without repeats
 * @param pools where further addresses come from, one of each family at most, of none that {@code addresses} has
 * @param routes routes over the interface, in the order given, without repeats
 * @param metric of the routes, 1 to 4294967295 capped to int range; empty for the kernel's own
 * @param mtu of the interface
 * @param attributes of the link, those that are set
 * @param forwarding how members learn where a frame goes
 * @param advertisements whether members accept router advertisements
 * @param peers VTEPs outside the cluster, in the order given, without repeats
 */
public record Network(
        String name,
        Vni vni,
        Port port,
        Optional<Family> family,
        IfName ifName,
        IfName dev,
        boolean up,
        List<InterfaceAddress> addresses,
        List<Pool> pools,
        List<Route> routes,
        OptionalInt metric,
        Mtu mtu,
        Map<LinkAttribute, Integer> attributes,
        Forwarding forwarding,
        Advertisements advertisements,
        List<IpAddr> peers) {
    private static final int IPV6_METRIC = 1024;

    public Network {
        addresses = List.copyOf(addresses);
        pools = List.copyOf(pools);
        routes = List.copyOf(routes);
        attributes = Map.copyOf(attributes);
        peers = List.copyOf(peers);
    }

    /** An attribute of the link: what is set, or the kernel's own. */
    public int attribute(LinkAttribute attribute) {
        return attributes.getOrDefault(attribute, attribute.kernelDefault());
    }

    /** VNI and port of the segment that this network is. */
    public Segment segment() {
        return new Segment(vni, port);
    }

    /** The same with what holds for all members of the segment. */
    Network shared(Forwarding forwarding, List<IpAddr> peers) {
        return new Network(
                name,
                vni,
                port,
                family,
                ifName,
                dev,
                up,
                addresses,
                pools,
                routes,
                metric,
                mtu,
                attributes,
                forwarding,
                advertisements,
                peers);
    }

    /** The same with these addresses in place of its own, and without the routes whose gateways none of them reaches. */
    public Network addressed(List<InterfaceAddress> given) {
        return fitted(
                ifName,
                dev,
                given,
                routes.stream().filter(route -> isInReach(route, given)).toList());
    }

    /** The same under another interface name, over another device, with other addresses and routes. */
    public Network fitted(IfName name, IfName over, List<InterfaceAddress> given, List<Route> reached) {
        return new Network(
                this.name,
                vni,
                port,
                family,
                name,
                over,
                up,
                given,
                pools,
                reached,
                metric,
                mtu,
                attributes,
                forwarding,
                advertisements,
                peers);
    }

    /** The metric that the kernel reports of a route: what is set or, without that, IP6_RT_PRIO_USER in IPv6. */
    public long metric(Route route) {
        return metric.orElse(route.destination().network().isIpv6() ? IPV6_METRIC : 0);
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
