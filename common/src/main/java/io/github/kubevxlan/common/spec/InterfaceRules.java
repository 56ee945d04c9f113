package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the kernel and common sense ask of the interfaces of one pod. */
final class InterfaceRules {
    static final String NOT_UNDERLAY = "an interface name that no underlay device has";

    private static final int LEAST_IPV6_MTU = 1280;

    private InterfaceRules() {}

    /**
     * Checks one network.
     *
     * @param others those of the same pod that passed
     * @param primary the device of the pod's own network
     */
    static List<Fault> check(Network network, List<Network> others, IfName primary) {
        return Stream.of(
                        ownName(network, others),
                        notUnderlay(network, others, primary),
                        addressesOnce(network, others),
                        routesOnce(network, others),
                        gatewaysInReach(network),
                        mtuForIpv6(network))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Fault> ownName(Network network, List<Network> others) {
        return others.stream()
                .filter(other -> other.ifName().equals(network.ifName()))
                .findFirst()
                .map(other -> new Fault(
                        "name=" + network.ifName(), "an interface of its own; network " + other.name() + " has this"));
    }

    private static Optional<Fault> notUnderlay(Network network, List<Network> others, IfName primary) {
        if (network.ifName().equals(primary)
                || network.ifName().equals(network.dev())
                || others.stream().anyMatch(other -> other.dev().equals(network.ifName()))) {
            return Optional.of(new Fault("name=" + network.ifName(), NOT_UNDERLAY));
        }
        return others.stream()
                .filter(other -> other.ifName().equals(network.dev()))
                .findFirst()
                .map(other -> new Fault(
                        "dev=" + network.dev(),
                        "an underlay device; this is the interface of network " + other.name()));
    }

    /** A link-local address may be there once per interface (RFC 4291 section 2.1), any other once per pod. */
    private static Optional<Fault> addressesOnce(Network network, List<Network> others) {
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
                .map(address -> new Fault("ip=" + address, "each address once in a pod"));
    }

    private static Optional<Fault> routesOnce(Network network, List<Network> others) {
        return network.routes().stream()
                .map(Route::destination)
                .filter(destination -> leadTo(network, destination) > 1
                        || others.stream()
                                .filter(other -> other.metric().equals(network.metric()))
                                .anyMatch(other -> leadTo(other, destination) > 0))
                .findFirst()
                .map(destination -> new Fault("route=" + destination, "one route of a metric to each subnet"));
    }

    private static long leadTo(Network network, Cidr destination) {
        return network.routes().stream()
                .filter(route -> route.destination().equals(destination))
                .count();
    }

    /** The kernel refuses a gateway that none of the interface's networks holds. */
    private static Optional<Fault> gatewaysInReach(Network network) {
        return network.routes().stream()
                .filter(route -> !isInReach(route.gateway(), network))
                .findFirst()
                .map(route -> new Fault(
                        "route=" + route, "a gateway in the network of one of the interface's addresses (option ip)"));
    }

    private static boolean isInReach(IpAddr gateway, Network network) {
        return (gateway.isIpv6() && gateway.value().isLinkLocal())
                || network.addresses().stream()
                        .anyMatch(address -> address.network().contains(gateway)
                                && !address.address().equals(gateway));
    }

    private static Optional<Fault> mtuForIpv6(Network network) {
        boolean isIpv6 = network.addresses().stream()
                .anyMatch(address -> address.address().isIpv6());
        return isIpv6 && network.mtu() instanceof Mtu.Fixed(int octets) && octets < LEAST_IPV6_MTU
                ? Optional.of(
                        new Fault("mtu=" + octets, "1280 octets or more with IPv6 addresses (RFC 8200 section 5)"))
                : Optional.empty();
    }
}
