package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * One change of a pod's network, in the kernel's terms. It may be repeated without harm. Names of devices that are
 * taken away are {@link IfName} as well: only what carries our mark is ever touched, and we give no other names.
 */
public sealed interface NetOp {
    /** One that changes a link. */
    sealed interface OnLink extends NetOp {
        /** The link, by the name that it has then. */
        IfName link();
    }

    /** {@code ip link del}. */
    record DelLink(IfName link) implements OnLink {}

    /** {@code ip link set name}; the link is taken down for it where the kernel wants that, before 6.2. */
    record Rename(IfName from, IfName to) implements OnLink {
        @Override
        public IfName link() {
            return to;
        }
    }

    /** {@code ip link add type vxlan}, with an MTU in bytes, and with UDP checksums or without. */
    record AddLink(IfName link, Mac mac, Tunnel tunnel, int mtu, boolean checksum) implements OnLink {
        public Segment segment() {
            return tunnel.segment();
        }

        public IpAddr local() {
            return tunnel.local();
        }

        public IfName dev() {
            return tunnel.dev();
        }
    }

    /** Where a VXLAN link sends: its VNI and UDP port, its source address, and the underlay device. */
    record Tunnel(Segment segment, IpAddr local, IfName dev) {}

    /** {@code ip link set type vxlan ttl} and the like: at least one, and each can be changed in place. */
    record SetAttributes(IfName link, Segment segment, Map<LinkAttribute, Integer> attributes) implements OnLink {
        public SetAttributes {
            attributes = Map.copyOf(attributes);
            if (!attributes.keySet().stream().allMatch(LinkAttribute::isChangeable)) {
                throw new IllegalArgumentException("no attributes to be changed: " + attributes);
            }
        }

        /** The attributes as options say them, {@code ttl=9 tos=inherit}. */
        public String text() {
            return attributes.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getKey().text(entry.getValue()))
                    .collect(Collectors.joining(" "));
        }
    }

    /** {@code tc qdisc replace}: in the place of ours, if there is one, never of somebody else's. */
    record PutQdisc(IfName link, Qdisc qdisc) implements OnLink {}

    /** {@code tc qdisc del}, only of ours. */
    record DelQdisc(IfName link) implements OnLink {}

    /** {@code ip link set alias}: the mark of ownership. */
    record SetAlias(IfName link, String alias) implements OnLink {}

    /** {@code ip link set type vxlan local dev}: what can change in place. */
    record SetUnderlay(IfName link, Segment segment, IpAddr local, IfName dev) implements OnLink {}

    /** {@code ip link set mtu}, in bytes. */
    record SetMtu(IfName link, int mtu) implements OnLink {}

    /** {@code ip link set address}; the kernel drops the link's neighbour entries. */
    record SetMac(IfName link, Mac mac) implements OnLink {}

    /** {@code ip link set up} or {@code down}. */
    record SetUp(IfName link, boolean up) implements OnLink {}

    /** {@code ip addr del}. */
    record DelAddress(IfName link, InterfaceAddress address) implements OnLink {}

    /** {@code ip addr replace}. */
    record PutAddress(IfName link, InterfaceAddress address) implements OnLink {}

    /** {@code ip route del}, only with our protocol number. */
    record DelRoute(IfName link, Route route) implements OnLink {}

    /** {@code ip route add}: never replace, which would take another device's route away. */
    record AddRoute(IfName link, Route route, OptionalInt metric) implements OnLink {}

    /**
     * {@code bridge fdb append} of an all-zero entry, {@code bridge fdb replace}, {@code ip neigh replace} or {@code nft add
     * element}.
     */
    record PutEntry(IfName link, Entry entry) implements OnLink {}

    /** {@code bridge fdb del}, {@code ip neigh del} or {@code nft delete element}. */
    record DelEntry(IfName link, Entry entry) implements OnLink {}

    /** {@code nft}: a filter's chain with nothing in it but its rule, its set and its counter, which stay if they are there. */
    record PutFilter(Filter filter) implements NetOp {}

    /** {@code nft}: nothing of a filter stays. */
    record DelFilter(Filter filter) implements NetOp {}

    /** {@code nft delete table}: nothing of any filter stays. */
    record DelFilters() implements NetOp {}

    /** {@code nft}: router advertisements and redirects that come in by these links are dropped, those by others are not. */
    record SetGuard(List<IfName> links) implements NetOp {
        public SetGuard {
            links = List.copyOf(links);
        }
    }

    /** {@code nft}: port security's chains with nothing in them but the rules of a mode; its sets and counters stay if they are there. */
    record PutSecurity(Filter filter, Security mode) implements NetOp {}

    /** {@code nft}: nothing of a segment's port security stays. */
    record DelSecurity(Filter filter) implements NetOp {}

    /** When it is done. */
    enum Phase {
        /** A peer is let through before any entry points at it. */
        ADMIT,
        CHANGE,
        /** What nothing points at any more. */
        CLOSE
    }

    /** The phase that it belongs to. */
    default Phase phase() {
        return switch (this) {
            case PutFilter _, PutSecurity _, SetGuard _ -> Phase.ADMIT;
            case DelFilter _, DelSecurity _, DelFilters _ -> Phase.CLOSE;
            case PutEntry(var link, Entry.Admitted _) -> Phase.ADMIT;
            case DelEntry(var link, Entry.Admitted _) -> Phase.CLOSE;
            case PutEntry(var link, Entry.Permitted _) -> Phase.ADMIT;
            case DelEntry(var link, Entry.Permitted _) -> Phase.CLOSE;
            default -> Phase.CHANGE;
        };
    }
}
