package io.github.kubevxlan.controller.overlay;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why port security refuses a packet. In the kernel each has a counter, whose name is the filter's and this text. */
public enum Refusal {
    /** The frame's source MAC is not the sender's. */
    MAC(1),
    /** The IPv4 or IPv6 source address is not the sender's. */
    ADDRESS(2),
    /** An ARP packet says a MAC or an address that is not the sender's. */
    ARP(3),
    /** A neighbour advertisement, or a solicitation without a source, is about an address that is not the sender's. */
    ND(4),
    /** A router advertisement or an IPv6 redirect. */
    ROUTER(5),
    /** What a DHCP server sends. */
    DHCP(6),
    /** A VLAN tag, an extension header or a fragment hides what is to be checked. */
    HIDDEN(7);

    private final int number;

    Refusal(int number) {
        this.number = number;
    }

    /** Its counter's name in the kernel. */
    public String name(Filter filter) {
        return filter + "-" + this;
    }

    /** The filter of a counter's name; empty if it is none of these. */
    public static Optional<Filter> filter(String name) {
        return Filter.parse(name.substring(0, Math.max(0, name.lastIndexOf('-'))))
                .filter(filter ->
                        Stream.of(values()).anyMatch(one -> one.name(filter).equals(name)));
    }

    /** That of a counter's name which has that filter's. */
    public static Refusal parse(Filter filter, String name) {
        return Stream.of(values())
                .filter(one -> one.name(filter).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** How it is written beside a VTEP in the kernel. */
    int number() {
        return number;
    }

    /** That of such a number; empty if it is none's. */
    public static Optional<Refusal> ofNumber(long number) {
        return Stream.of(values()).filter(kind -> kind.number() == number).findFirst();
    }

    /** That of such a word; empty if it is none's. */
    public static Optional<Refusal> ofWord(String word) {
        return Stream.of(values()).filter(kind -> kind.toString().equals(word)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
