package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A set of what members of a segment may send, by their VTEPs. In the kernel its name is the filter's and this text. */
public enum SenderSet {
    /** VTEPs that may send anything. */
    EXEMPT(""),
    /** VTEPs with the MAC of their frames. */
    MAC("@th,176,48"),
    /** VTEPs with their IPv4 addresses in the overlay. */
    IPV4("@th,336,32"),
    /** VTEPs with their IPv6 addresses in the overlay. */
    IPV6("@th,304,128");

    private static final int HEXADECIMAL = 16;
    private static final int PAIR = 2;

    private final String field;

    SenderSet(String field) {
        this.field = field;
    }

    /** Where a packet has what stands beside a VTEP. */
    String field() {
        return field;
    }

    /** Its name in the kernel. */
    public String name(Filter filter) {
        return filter + "-" + this;
    }

    /** The one of that name; empty if it is none of that filter's. */
    public static Optional<SenderSet> parse(Filter filter, String name) {
        return Stream.of(values()).filter(set -> set.name(filter).equals(name)).findFirst();
    }

    /**
     * An element as an entry; throws {@link io.github.kubevxlan.common.net.InvalidValueException} if it is none of the
     * set's.
     *
     * @param number what stands beside the VTEP
     */
    public Entry.Permitted entry(Filter filter, IpAddr vtep, BigInteger number) {
        return switch (this) {
            case EXEMPT -> new Entry.Exempt(filter, vtep);
            case MAC -> new Entry.SenderMac(filter, vtep, new Mac(pairs(number, PAIR, ":", 6)));
            case IPV4 -> new Entry.SenderIp(filter, vtep, IpAddr.parse(dotted(number)));
            case IPV6 -> new Entry.SenderIp(filter, vtep, IpAddr.parse(pairs(number, 4, ":", 8)));
        };
    }

    /** What stands beside the VTEP, as nft shows it. */
    static String number(String hexadecimal) {
        return "0x" + new BigInteger(hexadecimal, HEXADECIMAL).toString(HEXADECIMAL);
    }

    private static String pairs(BigInteger number, int digits, String between, int parts) {
        String all = "0".repeat(digits * parts) + number.toString(HEXADECIMAL);
        String fixed = all.substring(all.length() - digits * parts);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            text.append(i == 0 ? "" : between).append(fixed, i * digits, (i + 1) * digits);
        }
        return text.toString();
    }

    private static String dotted(BigInteger number) {
        return Stream.of(3, 2, 1, 0)
                .map(place -> number.shiftRight(Byte.SIZE * place)
                        .mod(BigInteger.valueOf(256))
                        .toString())
                .collect(Collectors.joining("."));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
