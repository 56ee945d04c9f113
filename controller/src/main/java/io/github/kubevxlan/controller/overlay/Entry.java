package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * An entry in a member's kernel for another member, or for a VTEP outside the cluster. Ordered by its line, {@code KEY
 * VALUE}, as ASCII.
 */
public sealed interface Entry extends Comparable<Entry> {
    /** The MAC of entries for frames whose destination has none. */
    String ALL_ZERO = "00:00:00:00:00:00";

    /** That of their lines. */
    Comparator<Entry> ORDER = Comparator.comparing(Entry::key).thenComparing(Entry::value);

    /**
     * A forwarding entry for frames to many or to nobody known: one of several, a copy goes to each (RFC 7348 section 4.2
     * by head-end replication).
     */
    record Flood(IpAddr vtep) implements Entry {
        @Override
        public String key() {
            return ALL_ZERO;
        }

        @Override
        public String value() {
            return vtep.toString();
        }
    }

    /** A forwarding entry for frames to one MAC. */
    record Unicast(Mac mac, IpAddr vtep) implements Entry {
        @Override
        public String key() {
            return mac.value();
        }

        @Override
        public String value() {
            return vtep.toString();
        }
    }

    /** A neighbour entry: the MAC of an address in the overlay, so that nobody has to ask for it (ARP, ND). */
    record Neighbour(IpAddr ip, Mac mac) implements Entry {
        @Override
        public String key() {
            return ip.toString();
        }

        @Override
        public String value() {
            return mac.value();
        }
    }

    /** An address whose packets a filter lets through. */
    record Admitted(Filter filter, IpAddr vtep) implements Entry {
        @Override
        public String key() {
            return filter.name();
        }

        @Override
        public String value() {
            return vtep.toString();
        }
    }

    /** What port security lets a member send. */
    sealed interface Permitted extends Entry {
        /** That of the segment. */
        Filter filter();

        /** The sender's. */
        IpAddr vtep();

        /** The set that it is in. */
        SenderSet set();

        @Override
        default String key() {
            return set().name(filter());
        }
    }

    /** A VTEP that may send anything. */
    record Exempt(Filter filter, IpAddr vtep) implements Permitted {
        @Override
        public SenderSet set() {
            return SenderSet.EXEMPT;
        }

        @Override
        public String value() {
            return vtep.toString();
        }
    }

    /** The MAC of a VTEP's frames. */
    record SenderMac(Filter filter, IpAddr vtep, Mac mac) implements Permitted {
        @Override
        public SenderSet set() {
            return SenderSet.MAC;
        }

        @Override
        public String value() {
            return vtep + " " + SenderSet.number(mac.value().replace(":", ""));
        }
    }

    /** An address of a VTEP's packets. */
    record SenderIp(Filter filter, IpAddr vtep, IpAddr ip) implements Permitted {
        @Override
        public SenderSet set() {
            return ip.isIpv6() ? SenderSet.IPV6 : SenderSet.IPV4;
        }

        @Override
        public String value() {
            return vtep + " "
                    + SenderSet.number(HexFormat.of().formatHex(ip.value().getBytes()));
        }
    }

    /** What the kernel finds it by. */
    String key();

    /** What the kernel finds there. */
    String value();

    /** Whether others of its key stand beside it; else a new one takes its place. */
    default boolean isOneOfMany() {
        return switch (this) {
            case Flood _, Admitted _, Permitted _ -> true;
            case Unicast _, Neighbour _ -> false;
        };
    }

    /** Whether it is a neighbour's IPv6 address. */
    default boolean isIpv6Neighbour() {
        return this instanceof Neighbour neighbour && neighbour.ip().isIpv6();
    }

    @Override
    default int compareTo(Entry other) {
        return ORDER.compare(this, other);
    }
}
