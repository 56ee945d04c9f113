package io.github.kubevxlan.common.net;

import inet.ipaddr.IPAddressSeqRange;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Consecutive addresses of one family, {@code 10.1.0.10-10.1.0.99}.
 *
 * @param first the lowest, included
 * @param last the highest, included; not below {@code first}
 */
public record IpRange(IpAddr first, IpAddr last) {
    public static final String ALLOWED = "FIRST-LAST, two addresses of one family, such as 10.1.0.10-10.1.0.99";

    public IpRange {
        if (first.isIpv6() != last.isIpv6() || first.compareTo(last) > 0) {
            throw new InvalidValueException(first + "-" + last, ALLOWED);
        }
    }

    /** Parses {@code FIRST-LAST}; throws {@link InvalidValueException} for anything else. */
    public static IpRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new InvalidValueException(text, ALLOWED);
        }
        try {
            return new IpRange(IpAddr.parse(text.substring(0, dash)), IpAddr.parse(text.substring(dash + 1)));
        } catch (InvalidValueException e) {
            throw new InvalidValueException(text, ALLOWED);
        }
    }

    /** How many addresses it holds, at least one. */
    public BigInteger size() {
        return value().getCount();
    }

    /** The address at an index, from 0 to below {@link #size()}. */
    public IpAddr at(BigInteger index) {
        return new IpAddr(value().get(index));
    }

    /** Tells whether the address is one of these; false for the other family. */
    public boolean contains(IpAddr address) {
        return value().contains(address.value());
    }

    /** The addresses that are in both; empty if there are none. */
    public Optional<IpRange> intersect(IpRange other) {
        return first.isIpv6() != other.first.isIpv6()
                ? Optional.empty()
                : Optional.ofNullable(value().intersect(other.value()))
                        .map(both -> new IpRange(new IpAddr(both.getLower()), new IpAddr(both.getUpper())));
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }

    private IPAddressSeqRange value() {
        return first.value().spanWithRange(last.value());
    }
}
