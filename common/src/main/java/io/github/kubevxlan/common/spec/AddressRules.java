package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.net.Route;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Rules for the addresses, subnets and routes of a network. */
final class AddressRules {
    private static final String SUBNET =
            "a subnet with addresses for two or more hosts: up to /30 or, in IPv6, /126; not"
                    + " multicast, loopback, link-local or unspecified";
    private static final List<Cidr> NO_HOSTS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8")
            .map(Cidr::parse)
            .toList();

    private AddressRules() {}

    /** Parses a value of the option {@code subnet}. */
    static Cidr subnet(String text) {
        Cidr subnet = Cidr.parse(text);
        if (subnet.hosts().isEmpty() || NO_HOSTS.stream().anyMatch(subnet::overlaps)) {
            throw new InvalidValueException(text, SUBNET);
        }
        return subnet;
    }

    /** Checks what a definition says by itself. */
    static Stream<ProblemText> check(Options options, List<Cidr> reserved) {
        return Stream.of(
                        oneOfEachFamily(options),
                        ranges(options),
                        ipOrSubnet(options),
                        clear(options.ip(), options.subnet(), options.route(), reserved),
                        clearOfPeers(options.ip(), options.subnet(), options.route(), options.peer()))
                .flatMap(Optional::stream);
    }

    /** Checks that nothing covers what the operator reserved; a default route is below everything and covers nothing. */
    static Optional<ProblemText> clear(
            Collection<InterfaceAddress> ip,
            Collection<Cidr> subnets,
            Collection<Route> routes,
            Collection<Cidr> reserved) {
        return reserved.stream()
                .flatMap(range -> covering(ip, subnets, routes, range)
                        .map(found ->
                                new ProblemText(found, "one that does not overlap " + range + ", a reserved range"))
                        .stream())
                .findFirst();
    }

    /** Checks that nothing covers a VTEP outside the cluster: packets to it would go into the overlay. */
    static Optional<ProblemText> clearOfPeers(
            Collection<InterfaceAddress> ip,
            Collection<Cidr> subnets,
            Collection<Route> routes,
            Collection<IpAddr> peers) {
        NavigableSet<IpAddr> sorted = new TreeSet<>(peers);
        return Stream.of(
                        ip.stream().map(address -> new Covering("ip=" + address, address.network())),
                        subnets.stream().map(subnet -> new Covering("subnet=" + subnet, subnet)),
                        routes.stream()
                                .filter(route -> !route.destination().isDefault())
                                .map(route -> new Covering("route=" + route, route.destination())))
                .flatMap(found -> found)
                .flatMap(covering -> covering
                        .last(sorted)
                        .map(peer -> new ProblemText(covering.found(), "one that does not cover " + peer + ", a peer"))
                        .stream())
                .findFirst();
    }

    private record Covering(String found, Cidr network) {
        /** The last of some addresses that it covers. */
        Optional<IpAddr> last(NavigableSet<IpAddr> addresses) {
            return Optional.ofNullable(addresses.floor(network.last())).filter(network::contains);
        }
    }

    private static Optional<String> covering(
            Collection<InterfaceAddress> ip, Collection<Cidr> subnets, Collection<Route> routes, Cidr underlay) {
        return Stream.of(
                        ip.stream()
                                .filter(address -> address.network().overlaps(underlay))
                                .map(address -> "ip=" + address),
                        subnets.stream().filter(underlay::overlaps).map(subnet -> "subnet=" + subnet),
                        routes.stream()
                                .filter(route -> !route.destination().isDefault()
                                        && route.destination().overlaps(underlay))
                                .map(route -> "route=" + route))
                .flatMap(found -> found)
                .findFirst();
    }

    private static Optional<ProblemText> oneOfEachFamily(Options options) {
        return Stream.of(false, true)
                .filter(ipv6 -> options.subnet().stream()
                                .filter(subnet -> subnet.network().isIpv6() == ipv6)
                                .count()
                        > 1)
                .findFirst()
                .map(_ -> new ProblemText("subnet", "at most one IPv4 and one IPv6 subnet"));
    }

    private static Optional<ProblemText> ranges(Options options) {
        for (IpRange range : options.range()) {
            Optional<Cidr> subnet = options.subnet().stream()
                    .filter(each -> each.contains(range.first()) && each.contains(range.last()))
                    .findFirst();
            if (subnet.isEmpty()) {
                return Optional.of(new ProblemText("range=" + range, "addresses in the subnet of this network"));
            }
            if (options.range().stream()
                            .filter(other ->
                                    other.first().isIpv6() == range.first().isIpv6())
                            .count()
                    > 1) {
                return Optional.of(new ProblemText("range=" + range, "at most one IPv4 and one IPv6 range"));
            }
            if (subnet.get().hosts().flatMap(range::intersect).isEmpty()) {
                return Optional.of(new ProblemText(
                        "range=" + range,
                        "an address that a host may have: not the subnet's own and not its broadcast address"));
            }
        }
        return Optional.empty();
    }

    private static Optional<ProblemText> ipOrSubnet(Options options) {
        return options.ip().stream()
                .filter(address -> options.subnet().stream()
                        .anyMatch(subnet ->
                                subnet.network().isIpv6() == address.address().isIpv6()))
                .filter(address -> !address.address().value().isLinkLocal())
                .findFirst()
                .map(address -> new ProblemText(
                        "ip=" + address,
                        "either a subnet, or an ip for all members; a pod's own ip belongs in the pod's"
                                + " annotation"));
    }
}
