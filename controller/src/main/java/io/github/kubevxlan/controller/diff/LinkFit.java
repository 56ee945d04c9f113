package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One wanted link without what it can't have, and why. What can't be changed stays as it is on the device: its name,
 * underlay device, MTU and addresses. A route that covers a VTEP is removed at once, because it cuts off that peer. An
 * address that covers a VTEP stays, because it carries the member's whole overlay, and the VTEP gets no entries.
 */
final class LinkFit {
    /** RFC 8200 section 5; the kernel takes IPv6 away from a device with less. */
    private static final int LEAST_IPV6_MTU = 1280;

    /** The kernel's for an Ethernet device (ETH_MIN_MTU). */
    private static final int LEAST_MTU = 68;

    private final DesiredLink wanted;
    private final Network network;
    private final Optional<ObservedLink> there;
    private final Optional<ObservedLink> before;
    private final boolean nameTaken;
    private final Survey survey;
    private final ObservedPod seen;
    private final List<NetworkProblem> problems = new ArrayList<>();

    /** What all links of a pod are held against. */
    record Survey(String prefix, ObservedPod seen, Underlay underlay) {
        boolean isOurs(ObservedLink link) {
            return link.vxlan().isPresent() && OwnershipMarkers.isOurs(link.alias(), prefix);
        }
    }

    /**
     * Takes what it is made from.
     *
     * @param there the device that is to become the link
     * @param before that, or the link whose place a new one takes
     * @param nameTaken whether a device that is not ours has the link's name
     */
    LinkFit(
            DesiredLink wanted,
            Optional<ObservedLink> there,
            Optional<ObservedLink> before,
            boolean nameTaken,
            Survey survey) {
        this.wanted = wanted;
        this.network = wanted.network();
        this.there = there;
        this.before = before;
        this.nameTaken = nameTaken;
        this.survey = survey;
        this.seen = survey.seen();
    }

    /** The link as the pod can have it. */
    PossibleLink link() {
        IfName name = name();
        IfName dev = dev();
        int mtu = mtu(dev);
        Optional<String> noIpv6 = noIpv6(name, mtu);
        List<InterfaceAddress> addresses = addresses(noIpv6.isEmpty());
        List<ObservedRoute> kept = new ArrayList<>();
        List<Route> routes = routes(addresses, noIpv6.isEmpty(), kept);
        noIpv6.ifPresent(this::tellOfIpv6);
        tellOfQdisc();
        boolean isWhole = name.equals(network.ifName())
                && dev.equals(network.dev())
                && addresses.equals(network.addresses())
                && routes.equals(network.routes());
        DesiredLink link = isWhole ? wanted : wanted.with(network.fitted(name, dev, addresses, routes));
        return new PossibleLink(noIpv6.isEmpty() ? link : link.withoutIpv6Neighbours(), mtu, there, kept);
    }

    /** Why it can't have everything, after {@link #link}. */
    List<NetworkProblem> problems() {
        return List.copyOf(problems);
    }

    /** The largest MTU over an underlay device, in bytes. */
    static int most(DesiredLink wanted, ObservedLink dev) {
        return dev.mtu() - Mtu.overhead(wanted.local().isIpv6());
    }

    /** Whether an MTU is possible if the largest is {@code most}. */
    static boolean fits(Mtu mtu, int most) {
        return bytes(mtu, most) >= LEAST_MTU && bytes(mtu, most) <= most;
    }

    static String tooLarge(DesiredLink wanted, String dev, int most) {
        return "mtu " + wanted.network().mtu() + " is more than " + dev + " allows, " + most + " bytes";
    }

    private static int bytes(Mtu mtu, int most) {
        return switch (mtu) {
            case Mtu.Auto() -> most;
            case Mtu.Fixed(int bytes) -> bytes;
        };
    }

    private IfName name() {
        if (!nameTaken || there.isEmpty()) {
            return network.ifName();
        }
        String stays = there.get().name();
        notApplied("a device " + network.ifName() + " already exists and is not the controller's; the interface stays "
                + stays);
        return new IfName(stays);
    }

    /** The underlay device: the wanted one or, where there is none, that of the link before. */
    static Optional<IfName> dev(DesiredLink wanted, Optional<ObservedLink> before, ObservedPod seen) {
        IfName dev = wanted.network().dev();
        return seen.link(dev.value()).isPresent()
                ? Optional.of(dev)
                : before.flatMap(ObservedLink::vxlan)
                        .map(ObservedLink.Vxlan::dev)
                        .filter(IfName::isOne)
                        .map(IfName::new);
    }

    /** The MTU that a link keeps over an underlay device that allows {@code most}; empty if there was none, or no such. */
    static OptionalInt mtuThatStays(Optional<ObservedLink> before, int most) {
        return before.stream()
                .mapToInt(link -> Math.min(link.mtu(), most))
                .filter(bytes -> bytes >= LEAST_MTU)
                .findFirst();
    }

    private IfName dev() {
        IfName stays = dev(wanted, before, seen).orElse(network.dev());
        if (!stays.equals(network.dev())) {
            notApplied("there is no underlay device " + network.dev() + "; the interface stays on " + stays);
        }
        return stays;
    }

    private int mtu(IfName dev) {
        int most = seen.link(dev.value())
                .map(device -> most(wanted, device))
                .or(() -> there.map(ObservedLink::mtu))
                .orElse(0);
        OptionalInt kept =
                there.map(ObservedLink::mtu).map(OptionalInt::of).orElseGet(() -> mtuThatStays(before, most));
        if (kept.isEmpty() || fits(network.mtu(), most)) {
            return bytes(network.mtu(), most);
        }
        int stays = kept.getAsInt();
        notApplied(tooLarge(wanted, dev.value(), most) + "; the interface stays at " + stays);
        return stays;
    }

    /** Why the link can have no IPv6 at all. */
    private Optional<String> noIpv6(IfName name, int mtu) {
        if (mtu < LEAST_IPV6_MTU) {
            return Optional.of("its MTU is " + mtu + ", and IPv6 needs " + LEAST_IPV6_MTU + " bytes");
        }
        String device = there.map(ObservedLink::name).orElse(name.value());
        return seen.hasIpv6(device) ? Optional.empty() : Optional.of("the pod has IPv6 switched off (disable_ipv6)");
    }

    private void tellOfIpv6(String reason) {
        List<String> left = new ArrayList<>();
        network.addresses().stream()
                .filter(address -> address.address().isIpv6())
                .forEach(address -> left.add("ip=" + address));
        network.routes().stream()
                .filter(route -> route.destination().network().isIpv6())
                .forEach(route -> left.add("route=" + route));
        if (!left.isEmpty()) {
            tell(reason + ", so it is without " + String.join(", ", left), NetworkProblem.Effect.LEFT_OUT);
        }
    }

    /** An older agent can put none. Somebody else's stays, whatever the network is to have. */
    private void tellOfQdisc() {
        if (network.impairments().areNone()) {
            return;
        }
        if (!seen.knowsQdiscs()) {
            tell(
                    "its agent is of an older version, so without "
                            + network.impairments().toString().replace(" ", ", "),
                    NetworkProblem.Effect.LEFT_OUT);
            return;
        }
        there.flatMap(ObservedLink::vxlan).map(ObservedLink.Vxlan::qdisc).ifPresent(qdisc -> {
            if (qdisc instanceof ObservedQdisc.Foreign(String kind)) {
                tell(
                        "its interface has a qdisc " + kind + " that is not the controller's, so it is without "
                                + network.impairments(),
                        NetworkProblem.Effect.LEFT_OUT);
            }
        });
    }

    /** If the pod can have none of the wanted addresses of a family, the link keeps those that we gave it before. */
    private List<InterfaceAddress> addresses(boolean ipv6) {
        List<InterfaceAddress> possible = new ArrayList<>();
        for (InterfaceAddress address : network.addresses()) {
            if (ipv6 || !address.address().isIpv6()) {
                Optional<String> conflict = survey.underlay().conflict(address);
                boolean isHeld = there.filter(link -> link.has(address)).isPresent();
                conflict.ifPresent(words -> notApplied(words
                        + (isHeld
                                ? "; it stays because the interface has it already, and no entry leads to a VTEP in it"
                                : "")));
                if (conflict.isEmpty() || isHeld) {
                    possible.add(address);
                }
            }
        }
        List<InterfaceAddress> all = new ArrayList<>(possible);
        Stream.of(Family.values())
                .filter(family -> ipv6 || family == Family.IPV4)
                .map(LinkFit::isOf)
                .filter(isOfFamily -> network.addresses().stream().anyMatch(isOfFamily)
                        && possible.stream().noneMatch(isOfFamily))
                .forEach(isOfFamily -> ours().filter(isOfFamily).forEach(all::add));
        return all;
    }

    private static Predicate<InterfaceAddress> isOf(Family family) {
        return address -> address.address().family() == family;
    }

    private Stream<InterfaceAddress> ours() {
        return there.stream()
                .flatMap(link -> link.addresses().stream())
                .filter(ObservedAddress::owned)
                .map(ObservedAddress::address);
    }

    private List<Route> routes(List<InterfaceAddress> addresses, boolean ipv6, List<ObservedRoute> kept) {
        List<Route> possible = new ArrayList<>();
        for (Route route : network.routes()) {
            if ((!ipv6 && route.destination().network().isIpv6()) || leadsToItself(route, addresses)) {
                continue;
            }
            if (!Network.isInReach(route, addresses)) {
                notApplied("route=" + route + " leads through a gateway that none of its addresses reaches");
                ours(route.destination()).forEach(kept::add);
                continue;
            }
            Optional<String> conflict = survey.underlay().conflict(route);
            if (conflict.isPresent()) {
                notApplied(conflict.get());
            } else if (isHeld(route)) {
                possible.add(route);
            } else {
                add(route, possible, kept);
            }
        }
        return possible;
    }

    /** The gateway itself forwards by its other routes, which one through its own address would come before. */
    private static boolean leadsToItself(Route route, List<InterfaceAddress> addresses) {
        return route.gateway()
                .filter(gateway ->
                        addresses.stream().map(InterfaceAddress::address).anyMatch(gateway::equals))
                .isPresent();
    }

    /** A route of somebody else's over this link, the same in all but the mark, does as well. */
    private void add(Route route, List<Route> possible, List<ObservedRoute> kept) {
        Optional<ForeignRoute> blocking = blocking(route);
        if (blocking.isEmpty()) {
            possible.add(route);
        } else if (!isTheSame(blocking.get(), route)) {
            notApplied(
                    "route=" + route + " already exists over " + blocking.get().dev() + " and is not the controller's");
            ours(route.destination()).forEach(kept::add);
        }
    }

    private boolean isHeld(Route route) {
        return ours(route.destination())
                .anyMatch(ours -> ours.route().equals(route) && ours.metric() == network.metric(route));
    }

    private Stream<ObservedRoute> ours(Cidr destination) {
        return there.stream()
                .flatMap(link -> seen.routes().stream()
                        .filter(route -> route.dev().equals(link.name())
                                && route.route().destination().equals(destination)));
    }

    /**
     * Of two routes to one destination the kernel takes the one with the lower metric; it refuses two of one metric. The
     * kernel's own routes over our links are for the addresses on them.
     */
    private Optional<ForeignRoute> blocking(Route route) {
        long metric = network.metric(route);
        return seen.foreign().stream()
                .filter(other -> other.destination().equals(route.destination()))
                .filter(other -> seen.link(other.dev()).filter(survey::isOurs).isPresent()
                        ? other.metric() == metric
                        : other.metric() >= metric)
                .findFirst();
    }

    private boolean isTheSame(ForeignRoute other, Route route) {
        return there.filter(link -> link.name().equals(other.dev())).isPresent()
                && other.gateway().equals(route.gateway())
                && other.metric() == network.metric(route);
    }

    private void notApplied(String words) {
        tell(words, NetworkProblem.Effect.NOT_APPLIED);
    }

    private void tell(String words, NetworkProblem.Effect effect) {
        problems.add(new NetworkProblem(network.name(), "network " + network.name() + ": " + words, effect));
    }
}
