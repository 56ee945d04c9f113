package io.github.kubevxlan.common.net;

/**
 * An address on an interface with the length of its network's prefix, {@code 192.168.11.2/29}.
 *
 * @param address the host's address
 * @param prefixLength 0 to 32 (IPv4) or 128 (IPv6), in bits
 */
public record InterfaceAddress(IpAddr address, int prefixLength) implements Comparable<InterfaceAddress> {
    public static final String ALLOWED = "an address with its prefix length, such as 192.168.11.2/29 or fd00::2/64";

    public InterfaceAddress {
        if (prefixLength < 0 || prefixLength > address.bits()) {
            throw new InvalidValueException(address + "/" + prefixLength, ALLOWED);
        }
    }

    /** Parses {@code ADDRESS/LENGTH}; throws {@link InvalidValueException} for anything else. */
    public static InterfaceAddress parse(String text) {
        return Prefixed.parse(text, ALLOWED);
    }

    /** The network that this address is in. */
    public Cidr network() {
        return new Cidr(new IpAddr(address.value().toZeroHost(prefixLength).withoutPrefixLength()), prefixLength);
    }

    @Override
    public int compareTo(InterfaceAddress other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
