package io.github.kubevxlan.common.net;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;

/**
 * A single IPv4 or IPv6 address, without prefix or zone. Prints in canonical form (RFC 5952), as iproute2 does.
 *
 * @param value an address of one value, without prefix length
 */
public record IpAddr(IPAddress value) implements Comparable<IpAddr> {
    public static final String ALLOWED = "an IPv4 or IPv6 address";

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .toParams();

    /** Parses the usual notation of one address; throws {@link InvalidValueException} for anything else. */
    public static IpAddr parse(String text) {
        try {
            return new IpAddr(new IPAddressString(text, STRICT).toAddress());
        } catch (AddressStringException | IncompatibleAddressException e) {
            throw new InvalidValueException(text, ALLOWED);
        }
    }

    /** Tells whether this is an IPv6 address. */
    public boolean isIpv6() {
        return value.isIPv6();
    }

    /** Its family. */
    public Family family() {
        return isIpv6() ? Family.IPV6 : Family.IPV4;
    }

    /** The length of an address of this family in bits: 32 or 128. */
    public int bits() {
        return value.getBitCount();
    }

    @Override
    public int compareTo(IpAddr other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toCanonicalString();
    }
}
