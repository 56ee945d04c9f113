package io.github.kubevxlan.common.net;

import java.util.Optional;

/**
 * A network in CIDR notation (RFC 4632), {@code 192.168.12.0/29}.
 *
 * @param network the network's address, no bit set behind the prefix
 * @param prefixLength 0 to 32 (IPv4) or 128 (IPv6), in bits
 */
public record Cidr(IpAddr network, int prefixLength) implements Comparable<Cidr> {
    public static final String ALLOWED = "a network without host bits, such as 192.168.12.0/29 or fd00:12::/64";

    public Cidr {
        if (prefixLength < 0
                || prefixLength > network.bits()
                || !network.value()
                        .toZeroHost(prefixLength)
                        .withoutPrefixLength()
                        .equals(network.value())) {
            throw new InvalidValueException(network + "/" + prefixLength, ALLOWED);
        }
    }

    /** Parses {@code NETWORK/LENGTH}; throws {@link InvalidValueException} for anything else, host bits included. */
    public static Cidr parse(String text) {
        InterfaceAddress parsed = Prefixed.parse(text, ALLOWED);
        return new Cidr(parsed.address(), parsed.prefixLength());
    }

    /** Tells whether the address lies in this network; false for the other family. */
    public boolean contains(IpAddr address) {
        return network.value().toPrefixBlock(prefixLength).contains(address.value());
    }

    /** Tells whether the two networks share an address. */
    public boolean overlaps(Cidr other) {
        return contains(other.network) || other.contains(network);
    }

    /** The network's last address, no bit unset behind the prefix. */
    public IpAddr last() {
        return new IpAddr(network.value().toPrefixBlock(prefixLength).getUpper().withoutPrefixLength());
    }

    /**
     * What hosts may have of it: neither the network's own address (in IPv6 that of any router, RFC 4291 section 2.6.1)
     * nor the IPv4 broadcast address; empty where no address is left.
     */
    public Optional<IpRange> hosts() {
        int left = network.bits() - prefixLength;
        return left < 2
                ? Optional.empty()
                : Optional.of(new IpRange(
                        new IpAddr(network.value().increment(1)),
                        network.isIpv6() ? last() : new IpAddr(last().value().increment(-1))));
    }

    /** Tells whether this is everything, as a default route's destination. */
    public boolean isDefault() {
        return prefixLength == 0;
    }

    @Override
    public int compareTo(Cidr other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(prefixLength, other.prefixLength);
    }

    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
