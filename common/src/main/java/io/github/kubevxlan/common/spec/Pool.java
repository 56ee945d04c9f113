package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Addresses of one family that a network's members are given.
 *
 * @param subnet what their prefix length is of
 * @param range those to give, none of them the subnet's own or its broadcast address
 * @param kept the gateways among them, which are given only to the name that one is reserved for
 */
public record Pool(Cidr subnet, IpRange range, Set<IpAddr> kept) {
    public Pool {
        kept = kept.stream().filter(range::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** The pools of a definition, one a subnet that has any address to give. */
    static List<Pool> of(Options options) {
        Set<IpAddr> gateways = options.route().stream()
                .flatMap(route -> route.gateway().stream())
                .collect(Collectors.toSet());
        return options.subnet().stream()
                .flatMap(subnet -> given(subnet, options).map(range -> new Pool(subnet, range, gateways)).stream())
                .toList();
    }

    /** What a subnet's members may be given: its hosts, or those of them in its range. */
    static Optional<IpRange> given(Cidr subnet, Options options) {
        Optional<IpRange> range = options.range().stream()
                .filter(each -> each.first().isIpv6() == isIpv6(subnet))
                .findFirst();
        return subnet.hosts().flatMap(hosts -> range.map(hosts::intersect).orElse(Optional.of(hosts)));
    }

    /** Tells whether it may give that address. */
    public boolean offers(IpAddr address) {
        return range.contains(address) && !kept.contains(address);
    }

    /** How many addresses it can give. */
    public BigInteger capacity() {
        return range.size().subtract(BigInteger.valueOf(kept.size()));
    }

    /** An address as it goes on the interface. */
    public InterfaceAddress onLink(IpAddr address) {
        return new InterfaceAddress(address, subnet.prefixLength());
    }

    /** Tells whether it gives IPv6 addresses. */
    public boolean isIpv6() {
        return isIpv6(subnet);
    }

    private static boolean isIpv6(Cidr subnet) {
        return subnet.network().isIpv6();
    }
}
