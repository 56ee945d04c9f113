package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rules for the interfaces of one pod, from the kernel and from common sense. */
final class InterfaceRules {
    static final String NOT_UNDERLAY = "an interface name that no underlay device has";

    private static final int LEAST_IPV6_MTU = 1280;

    private InterfaceRules() {}

    /**
     * Checks one network.
     *
     * @param others those of the same pod that passed
     * @param defaults the device of the pod's own network, and what is reserved
     */
    static List<ProblemText> check(Network network, List<Network> others, Defaults defaults) {
        return Stream.of(
                        ownName(network, others),
                        ownSegment(network, others),
                        notUnderlay(network, others, defaults.dev()),
                        addressesOnce(network, others),
                        routesOnce(network, others),
                        gatewaysInReach(network),
                        clear(network, defaults),
                        apart(network, others),
                        clearOfPeers(network, others),
                        mtuForIpv6(network))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<ProblemText> ownName(Network network, List<Network> others) {
        return others.stream()
                .filter(other -> other.ifName().equals(network.ifName()))
                .findFirst()
                .map(other -> new ProblemText(
                        "name=" + network.ifName(),
                        "an interface name of its own; network " + other.name() + " has this one"));
    }

    private static Optional<ProblemText> ownSegment(Network network, List<Network> others) {
        return others.stream()
                .filter(other -> other.segment().equals(network.segment())
                        && SegmentOwners.mayBeOne(other.family(), network.family()))
                .findFirst()
                .map(other -> new ProblemText(
                        "id=" + network.vni(),
                        "a segment of its own, because the kernel allows one interface in each; network " + other.name()
                                + " has this one"));
    }

    private static Optional<ProblemText> notUnderlay(Network network, List<Network> others, IfName primary) {
        if (network.ifName().equals(primary)
                || network.ifName().equals(network.dev())
                || others.stream().anyMatch(other -> other.dev().equals(network.ifName()))) {
            return Optional.of(new ProblemText("name=" + network.ifName(), NOT_UNDERLAY));
        }
        return others.stream()
                .filter(other -> other.ifName().equals(network.dev()))
                .findFirst()
                .map(other -> new ProblemText(
                        "dev=" + network.dev(),
                        "an underlay device; this is the overlay interface of network " + other.name()));
    }

    /** A link-local address may be there once per interface (RFC 4291 section 2.1), any other once per pod. */
    private static Optional<ProblemText> addressesOnce(Network network, List<Network> others) {
        return network.addresses().stream()
                .map(InterfaceAddress::address)
                .filter(address -> !address.value().isLinkLocal())
                .filter(address -> others.stream()
                                .flatMap(other -> other.addresses().stream())
                                .anyMatch(taken -> taken.address().equals(address))
                        || network.addresses().stream()
                                        .filter(own -> own.address().equals(address))
                                        .count()
                                > 1)
                .findFirst()
                .map(address -> new ProblemText("ip=" + address, "each address once in a pod"));
    }

    private static Optional<ProblemText> routesOnce(Network network, List<Network> others) {
        return network.routes().stream()
                .map(Route::destination)
                .filter(destination -> leadTo(network, destination) > 1
                        || others.stream()
                                .flatMap(other -> other.routes().stream()
                                        .filter(route -> route.destination().equals(destination))
                                        .map(other::metric))
                                .anyMatch(metric -> metric == metric(network, destination)))
                .findFirst()
                .map(destination -> new ProblemText("route=" + destination, "one route for each subnet and metric"));
    }

    private static long metric(Network network, Cidr destination) {
        return network.routes().stream()
                .filter(route -> route.destination().equals(destination))
                .mapToLong(network::metric)
                .findFirst()
                .orElseThrow();
    }

    private static long leadTo(Network network, Cidr destination) {
        return network.routes().stream()
                .filter(route -> route.destination().equals(destination))
                .count();
    }

    /** The kernel refuses a gateway that none of the interface's networks holds. */
    private static Optional<ProblemText> gatewaysInReach(Network network) {
        return network.routes().stream()
                .filter(route -> !route.gateway()
                        .map(gateway -> isInReach(gateway, network))
                        .orElse(true))
                .findFirst()
                .map(route -> new ProblemText(
                        "route=" + route,
                        "a gateway in the network of one of the interface's addresses (option ip) or in its subnet"));
    }

    private static boolean isInReach(IpAddr gateway, Network network) {
        return (gateway.isIpv6() && gateway.value().isLinkLocal())
                || network.pools().stream().anyMatch(pool -> pool.subnet().contains(gateway))
                || network.addresses().stream()
                        .anyMatch(address -> address.network().contains(gateway)
                                && !address.address().equals(gateway));
    }

    private static Optional<ProblemText> clear(Network network, Defaults defaults) {
        return AddressRules.clear(network.addresses(), subnets(network), network.routes(), defaults.reserved());
    }

    /** An address of one network in the subnet of another could be given to the same pod again. */
    private static Optional<ProblemText> apart(Network network, List<Network> others) {
        return others.stream()
                .flatMap(other -> Stream.of(inSubnet(network, other), inSubnet(other, network)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<ProblemText> inSubnet(Network network, Network other) {
        return network.addresses().stream()
                .filter(address -> subnets(other).stream().anyMatch(subnet -> subnet.contains(address.address())))
                .findFirst()
                .map(address ->
                        new ProblemText("ip=" + address, "an address outside the subnet of network " + other.name()));
    }

    private static Optional<ProblemText> clearOfPeers(Network network, List<Network> others) {
        Set<IpAddr> peers = new LinkedHashSet<>(network.peers());
        others.forEach(other -> peers.addAll(other.peers()));
        return covers(network, peers)
                .or(() -> others.stream()
                        .flatMap(other -> covers(other, network.peers()).stream())
                        .findFirst());
    }

    private static Optional<ProblemText> covers(Network network, Collection<IpAddr> peers) {
        return AddressRules.clearOfPeers(network.addresses(), subnets(network), network.routes(), peers);
    }

    private static List<Cidr> subnets(Network network) {
        return network.pools().stream().map(Pool::subnet).toList();
    }

    private static Optional<ProblemText> mtuForIpv6(Network network) {
        boolean isIpv6 = network.pools().stream().anyMatch(Pool::isIpv6)
                || network.addresses().stream()
                        .anyMatch(address -> address.address().isIpv6());
        return isIpv6 && network.mtu() instanceof Mtu.Fixed(int bytes) && bytes < LEAST_IPV6_MTU
                ? Optional.of(
                        new ProblemText("mtu=" + bytes, "1280 bytes or more with IPv6 addresses (RFC 8200 section 5)"))
                : Optional.empty();
    }
}
