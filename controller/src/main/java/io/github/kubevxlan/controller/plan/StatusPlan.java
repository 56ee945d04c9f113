package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.plan.NetworkStatus.State;
import io.github.kubevxlan.controller.plan.ObservedLink.ObservedAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Says of each network that a pod declares what became of it: those that it has in order, then those it can't have. */
public final class StatusPlan {
    private StatusPlan() {}

    /**
     * After a full comparison.
     *
     * @param want what the pod should have
     * @param claims what stays written
     * @param seen what the agent reported last, its devices included
     * @param obstacles why something can't be had
     */
    public static List<NetworkStatus> settled(
            DesiredPod want, Claims claims, ObservedPod seen, List<Obstacle> obstacles) {
        List<NetworkStatus> all = new ArrayList<>();
        want.links()
                .forEach(link -> all.add(words(obstacles, link.network().name())
                        .map(words -> unavailable(link.network(), claims, words))
                        .orElseGet(() -> ready(link.network(), claims, seen))));
        all.addAll(missing(want, claims, obstacles));
        return words(obstacles, "")
                .map(words -> all.stream()
                        .map(one -> one.message().isEmpty() ? one.saying(words) : one)
                        .toList())
                .orElse(all);
    }

    /**
     * While the agent can't be used: what was ready is taken to be, since links outlive agents.
     *
     * @param want what the pod should have
     * @param claims what stays written
     * @param last what was told last
     * @param sentence what is wrong
     */
    public static List<NetworkStatus> failing(
            DesiredPod want, Claims claims, List<NetworkStatus> last, String sentence) {
        Claims kept = claims.and(last);
        List<NetworkStatus> all = new ArrayList<>();
        for (DesiredLink link : want.links()) {
            Network network = link.network();
            all.add(last.stream()
                    .filter(one -> one.name().equals(network.name()) && one.state() == State.READY)
                    .findFirst()
                    .orElseGet(() -> NetworkStatus.without(
                            network.name(),
                            State.PENDING,
                            Optional.of(network.vni()),
                            kept.of(network.name()),
                            sentence)));
        }
        all.addAll(missing(want, kept, want.missing()));
        all.addAll(others(last, all));
        return all;
    }

    /**
     * Before addresses are given: what is claimed, and what was told last of everything else, since that is still so.
     *
     * @param want what the pod should have
     * @param claims what is to be written
     * @param last what was told last
     */
    public static List<NetworkStatus> claimed(DesiredPod want, Claims claims, List<NetworkStatus> last) {
        List<NetworkStatus> all = new ArrayList<>();
        for (DesiredLink link : want.links()) {
            String name = link.network().name();
            Optional<NetworkStatus> told =
                    last.stream().filter(one -> one.name().equals(name)).findFirst();
            List<IpAddr> before = told.map(NetworkStatus::ips).orElse(List.of());
            if (before.containsAll(claims.of(name))) {
                told.ifPresent(all::add);
            } else {
                all.add(NetworkStatus.claim(name, link.network().vni(), claims.with(name, before)));
            }
        }
        all.addAll(others(last, all));
        return all;
    }

    /** Networks that were told of and are not now: what the pod had of them it still has. */
    private static List<NetworkStatus> others(List<NetworkStatus> last, List<NetworkStatus> now) {
        return last.stream()
                .filter(one -> now.stream().noneMatch(told -> told.name().equals(one.name())))
                .toList();
    }

    private static NetworkStatus ready(Network network, Claims claims, ObservedPod seen) {
        Optional<ObservedLink> link = seen.link(network.ifName().value());
        Set<InterfaceAddress> there = link.stream()
                .flatMap(known -> known.addresses().stream())
                .map(ObservedAddress::address)
                .collect(Collectors.toSet());
        List<IpAddr> ips = network.addresses().stream()
                .filter(there::contains)
                .map(InterfaceAddress::address)
                .toList();
        return new NetworkStatus(
                network.name(),
                State.READY,
                Optional.of(network.vni()),
                Optional.of(network.ifName()),
                claims.with(network.name(), ips),
                link.flatMap(ObservedLink::mac),
                link.map(known -> OptionalInt.of(known.mtu())).orElse(OptionalInt.empty()),
                "");
    }

    private static NetworkStatus unavailable(Network network, Claims claims, String words) {
        return NetworkStatus.without(
                network.name(), State.UNAVAILABLE, Optional.of(network.vni()), claims.of(network.name()), words);
    }

    private static List<NetworkStatus> missing(DesiredPod want, Claims claims, List<Obstacle> obstacles) {
        Set<String> told = new HashSet<>(
                want.links().stream().map(link -> link.network().name()).toList());
        return obstacles.stream()
                .map(Obstacle::network)
                .filter(network -> !network.isEmpty() && told.add(network))
                .map(network -> NetworkStatus.without(
                        network,
                        State.UNAVAILABLE,
                        Optional.empty(),
                        claims.of(network),
                        words(obstacles, network).orElse("")))
                .toList();
    }

    private static Optional<String> words(List<Obstacle> obstacles, String network) {
        return obstacles.stream()
                .filter(obstacle -> obstacle.network().equals(network))
                .map(Obstacle::sentence)
                .reduce((one, other) -> one + "; " + other);
    }
}
