package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.plan.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.plan.ObservedLink.Vxlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One wanted link against what is there of it: attributes, addresses, routes. */
final class LinkDiff {
    /** The kernel's for a route that is given none (IP6_RT_PRIO_USER). */
    private static final int IPV6_METRIC = 1024;

    private final String prefix;
    private final DesiredLink wanted;
    private final Network network;
    private final IpAddr local;
    private final int mtu;
    private final ObservedPod seen;
    private final boolean addressed;

    /** Leaves the link's addresses and routes as they are if not {@code addressed}. */
    LinkDiff(String prefix, DesiredLink wanted, int mtu, ObservedPod seen, boolean addressed) {
        this.prefix = prefix;
        this.wanted = wanted;
        this.network = wanted.network();
        this.local = wanted.local();
        this.mtu = mtu;
        this.seen = seen;
        this.addressed = addressed;
    }

    /** Why a route can't be had, in words for its owner: another's would be put behind it, or is there in its place. */
    Stream<String> blockedRoutes() {
        return network.routes().stream()
                .flatMap(route -> blocking(route)
                        .map(other -> "route=" + route + " is there already over " + other.dev() + " and is not ours")
                        .stream());
    }

    /** The MTU in octets or, where the wanted one does not fit, the largest that does as a negative number. */
    static int mtu(DesiredLink wanted, int underlay) {
        int most = underlay - Mtu.overhead(wanted.local().isIpv6());
        return switch (wanted.network().mtu()) {
            case Mtu.Auto() -> most;
            case Mtu.Fixed(int octets) -> octets <= most ? octets : -most;
        };
    }

    /** A link without a source address is one of IPv4, the kernel's default. */
    static boolean isSameSegment(Vxlan vxlan, DesiredLink wanted) {
        return new SegmentKey(vxlan.segment(), vxlan.local().map(IpAddr::isIpv6).orElse(false))
                .equals(wanted.segment());
    }

    List<NetOp> created() {
        List<NetOp> ops = new ArrayList<>();
        ops.add(new NetOp.AddLink(wanted.name(), wanted.mac(), network.segment(), local, network.dev(), mtu));
        ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        fill(ops);
        return ops;
    }

    List<NetOp> renamed(ObservedLink link) {
        List<NetOp> ops = new ArrayList<>();
        ops.add(new NetOp.Rename(new IfName(link.name()), wanted.name()));
        ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        addresses(link, ops);
        fill(ops);
        return ops;
    }

    List<NetOp> inPlace(ObservedLink link) {
        List<NetOp> ops = new ArrayList<>();
        Vxlan vxlan = link.vxlan().orElseThrow();
        if (!link.alias().equals(alias())) {
            ops.add(new NetOp.SetAlias(wanted.name(), alias()));
        }
        if (!vxlan.local().filter(local::equals).isPresent()
                || !vxlan.dev().equals(network.dev().value())) {
            ops.add(new NetOp.SetUnderlay(wanted.name(), network.segment(), local, network.dev()));
        }
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
        return ops;
    }

    /** Whether {@link #inPlace} takes neighbour entries along. */
    boolean dropsNeighbours(ObservedLink link) {
        return hasOtherMac(link) || (link.up() && !network.up());
    }

    /** Where frames are flooded, nobody has to know the link's MAC, and it is whoever's. */
    private boolean hasOtherMac(ObservedLink link) {
        return network.forwarding() == Forwarding.STATIC
                && !link.mac().filter(wanted.mac()::equals).isPresent();
    }

    /** What a link that is down lacks: all addresses, since going down takes IPv6 ones along, and all routes. */
    private void fill(List<NetOp> ops) {
        if (addressed) {
            network.addresses().forEach(address -> ops.add(new NetOp.PutAddress(wanted.name(), address)));
        }
        if (network.up()) {
            ops.add(new NetOp.SetUp(wanted.name(), true));
        }
        addRoutes(ops, Set.of());
    }

    /** Deleting an IPv4 address takes its secondaries along, so after a deletion all wanted ones are put again. */
    private void addresses(ObservedLink link, List<NetOp> ops) {
        if (!addressed) {
            return;
        }
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
        if (!addressed) {
            return;
        }
        Set<Route> kept = new HashSet<>();
        for (ObservedRoute route : seen.routes()) {
            if (route.dev().equals(wanted.name().value())) {
                if (network.routes().contains(route.route()) && metricFits(route)) {
                    kept.add(route.route());
                } else {
                    ops.add(new NetOp.DelRoute(wanted.name(), route.route()));
                }
            }
        }
        addRoutes(ops, kept);
    }

    private boolean metricFits(ObservedRoute route) {
        return metric(route.route()) == route.metric();
    }

    private int metric(Route route) {
        return network.metric().orElse(route.gateway().isIpv6() ? IPV6_METRIC : 0);
    }

    /** Of two routes to one destination the kernel takes the one with the lower metric; it refuses two of one metric. */
    private Optional<ForeignRoute> blocking(Route route) {
        return seen.foreign().stream()
                .filter(other -> other.destination().equals(route.destination()) && other.metric() >= metric(route))
                .filter(other -> !seen.link(other.dev())
                        .filter(dev -> Marks.isOurs(dev.alias(), prefix))
                        .isPresent())
                .findFirst();
    }

    private void addRoutes(List<NetOp> ops, Set<Route> kept) {
        if (!addressed || !network.up()) {
            return;
        }
        network.routes().stream()
                .filter(route -> !kept.contains(route) && blocking(route).isEmpty())
                .forEach(route -> ops.add(new NetOp.AddRoute(wanted.name(), route, network.metric())));
    }

    private String alias() {
        return Marks.alias(prefix, network.name());
    }
}
