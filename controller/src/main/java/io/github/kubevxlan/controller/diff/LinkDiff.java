package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Compares one possible link with what the pod has of it: attributes, addresses, routes. */
public final class LinkDiff {
    private final String prefix;
    private final PossibleLink possible;
    private final DesiredLink wanted;
    private final Network network;
    private final IpAddr local;
    private final int mtu;
    private final ObservedPod seen;

    LinkDiff(String prefix, PossibleLink possible, ObservedPod seen) {
        this.prefix = prefix;
        this.possible = possible;
        this.wanted = possible.link();
        this.network = wanted.network();
        this.local = wanted.local();
        this.mtu = possible.mtu();
        this.seen = seen;
    }

    /** A link without a source address is one of IPv4, the kernel's default. */
    static boolean isSameSegment(Vxlan vxlan, DesiredLink wanted) {
        return new SegmentKey(vxlan.segment(), vxlan.local().map(IpAddr::isIpv6).orElse(false))
                .equals(wanted.segment());
    }

    /** Whether the report shows a link with its addresses, and up if it should be. */
    public static boolean isIn(DesiredLink wanted, ObservedPod seen) {
        return seen.link(wanted.name().value())
                .filter(link -> link.vxlan()
                                .filter(vxlan -> isSameSegment(vxlan, wanted))
                                .isPresent()
                        && wanted.network().addresses().stream().allMatch(link::has)
                        && (link.up() || !wanted.network().up()))
                .isPresent();
    }

    /** Whether a pod was seen without a link, or without one of some addresses that it is to have on it. */
    static boolean hasLost(DesiredLink wanted, List<IpAddr> had, ObservedPod seen) {
        Optional<ObservedLink> there = seen.links().stream()
                .filter(link -> link.vxlan()
                        .filter(vxlan -> isSameSegment(vxlan, wanted))
                        .isPresent())
                .findFirst()
                .or(() -> seen.link(wanted.name().value())
                        .filter(link -> link.vxlan().isPresent()));
        return there.isEmpty()
                || wanted.network().addresses().stream()
                        .filter(address -> had.contains(address.address()))
                        .anyMatch(address -> !there.get().has(address));
    }

    /**
     * Whether the UDP checksums of a device are as wanted; if not, the controller has to recreate it. Packets over IPv6
     * always have one: the kernel puts no two links on one port of which just one takes packets without
     * (VXLAN_F_RCV_FLAGS).
     */
    static boolean hasChecksumOf(Vxlan vxlan, DesiredLink wanted) {
        return vxlan.attribute(LinkAttribute.CHECKSUM) == checksum(wanted);
    }

    private static int checksum(DesiredLink wanted) {
        return wanted.local().isIpv6() ? 1 : wanted.network().attribute(LinkAttribute.CHECKSUM);
    }

    List<NetOp> created() {
        List<NetOp> ops = new ArrayList<>();
        ops.add(new NetOp.AddLink(
                wanted.name(),
                wanted.mac(),
                new NetOp.Tunnel(network.segment(), local, network.dev()),
                mtu,
                checksum(wanted) == 1));
        ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        setAttributes(Set.of(LinkAttribute.values()), LinkAttribute::kernelDefault, ops);
        network.addresses().forEach(address -> ops.add(new NetOp.PutAddress(wanted.name(), address)));
        if (network.up()) {
            ops.add(new NetOp.SetUp(wanted.name(), true));
        }
        addRoutes(ops, Set.of());
        qdisc(new ObservedQdisc.None(), ops);
        return ops;
    }

    /** Sets those attributes that the agent knows, that are other than wanted and that can be changed. */
    private void setAttributes(Set<LinkAttribute> known, ToIntFunction<LinkAttribute> there, List<NetOp> ops) {
        Map<LinkAttribute, Integer> other = known.stream()
                .filter(attribute ->
                        attribute.isChangeable() && network.attribute(attribute) != there.applyAsInt(attribute))
                .collect(Collectors.toMap(attribute -> attribute, network::attribute));
        if (!other.isEmpty()) {
            ops.add(new NetOp.SetAttributes(wanted.name(), network.segment(), other));
        }
    }

    /**
     * The rest is for the next report: older kernels take a link down to rename it, with its IPv6 addresses, routes and
     * neighbours, newer ones leave them.
     */
    List<NetOp> renamed() {
        ObservedLink link = there();
        List<NetOp> ops = new ArrayList<>();
        ops.add(new NetOp.Rename(new IfName(link.name()), wanted.name()));
        ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        network.addresses().forEach(address -> ops.add(new NetOp.PutAddress(wanted.name(), address)));
        if (network.up()) {
            ops.add(new NetOp.SetUp(wanted.name(), true));
        }
        return ops;
    }

    List<NetOp> inPlace() {
        ObservedLink link = there();
        List<NetOp> ops = new ArrayList<>();
        Vxlan vxlan = link.vxlan().orElseThrow();
        if (!link.alias().equals(alias())) {
            ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        }
        if (!vxlan.local().filter(local::equals).isPresent()
                || !vxlan.dev().equals(network.dev().value())) {
            ops.add(new NetOp.SetUnderlay(wanted.name(), network.segment(), local, network.dev()));
        }
        setAttributes(vxlan.attributes().keySet(), vxlan::attribute, ops);
        if (hasOtherMac(link)) {
            ops.add(new NetOp.SetMac(wanted.name(), wanted.mac()));
        }
        if (link.mtu() != mtu) {
            ops.add(new NetOp.SetMtu(wanted.name(), mtu));
        }
        addresses(link, ops);
        if (link.up() != network.up()) {
            ops.add(new NetOp.SetUp(wanted.name(), network.up()));
        }
        routes(ops);
        qdisc(vxlan.qdisc(), ops);
        return ops;
    }

    /**
     * One of ours that does something else than we ask for is made anew: the kernel keeps some of it otherwise. An older
     * agent tells of none and would refuse the whole request.
     */
    private void qdisc(ObservedQdisc there, List<NetOp> ops) {
        if (!seen.knowsQdiscs()) {
            return;
        }
        Optional<Qdisc> qdisc = Qdisc.of(network);
        switch (there) {
            case ObservedQdisc.Unread _, ObservedQdisc.Foreign _ -> {}
            case ObservedQdisc.None _ -> qdisc.ifPresent(put -> ops.add(new NetOp.PutQdisc(wanted.name(), put)));
            case ObservedQdisc.Ours(Optional<Qdisc> is) -> {
                if (qdisc.isEmpty() || is.isEmpty()) {
                    ops.add(new NetOp.DelQdisc(wanted.name()));
                }
                qdisc.filter(put -> !is.equals(Optional.of(put)))
                        .ifPresent(put -> ops.add(new NetOp.PutQdisc(wanted.name(), put)));
            }
        }
    }

    /** Whether {@link #inPlace} takes neighbour entries along. */
    boolean dropsNeighbours() {
        return hasOtherMac(there()) || (there().up() && !network.up());
    }

    private ObservedLink there() {
        return possible.there().orElseThrow();
    }

    /**
     * Where frames are flooded and no peer checks what members send, nobody has to know the link's MAC: the app may set one
     * of its own, unless somebody chose one for the pod.
     */
    private boolean hasOtherMac(ObservedLink link) {
        boolean isChosen = network.mac().filter(wanted.mac()::equals).isPresent();
        boolean isChecked = wanted.own().stream().anyMatch(Entry.SenderMac.class::isInstance);
        boolean isApps = network.forwarding() == Forwarding.FLOOD
                && !isChosen
                && !isChecked
                && link.mac().filter(Macs::isOurs).isEmpty();
        return !isApps && !link.mac().filter(wanted.mac()::equals).isPresent();
    }

    /** Deleting an IPv4 address takes its secondaries along, so after a deletion all wanted ones are put again. */
    private void addresses(ObservedLink link, List<NetOp> ops) {
        List<InterfaceAddress> stale = link.addresses().stream()
                .filter(ObservedAddress::owned)
                .map(ObservedAddress::address)
                .filter(address -> !network.addresses().contains(address))
                .toList();
        stale.forEach(address -> ops.add(new NetOp.DelAddress(wanted.name(), address)));
        network.addresses().stream()
                .filter(address -> !stale.isEmpty() || !link.has(address))
                .forEach(address -> ops.add(new NetOp.PutAddress(wanted.name(), address)));
    }

    private void routes(List<NetOp> ops) {
        Set<Cidr> kept = possible.kept().stream()
                .map(route -> route.route().destination())
                .collect(Collectors.toSet());
        Set<Route> there = new HashSet<>();
        for (ObservedRoute route : seen.routes()) {
            if (route.dev().equals(wanted.name().value())
                    && !kept.contains(route.route().destination())) {
                if (network.routes().contains(route.route()) && network.metric(route.route()) == route.metric()) {
                    there.add(route.route());
                } else {
                    ops.add(new NetOp.DelRoute(wanted.name(), route.route()));
                }
            }
        }
        addRoutes(ops, there);
    }

    private void addRoutes(List<NetOp> ops, Set<Route> there) {
        if (network.up()) {
            network.routes().stream()
                    .filter(route -> !there.contains(route))
                    .forEach(route -> ops.add(new NetOp.AddRoute(wanted.name(), route, network.metric())));
        }
    }

    private String alias() {
        return OwnershipMarkers.alias(prefix, network.name());
    }
}
