package io.github.kubevxlan.controller.status;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the status of each network that a pod declares: first those that it has, in order, then those that it can't
 * have.
 */
public final class StatusPlan {
    private StatusPlan() {}

    /**
     * After a full comparison.
     *
     * @param want what the pod should have
     * @param held what it has of that
     * @param claims what stays written
     * @param seen what the agent reported last, its devices included
     * @param problems why the pod can't have something
     */
    public static List<NetworkStatus> settled(
            DesiredPod want, DesiredPod held, Claims claims, ObservedPod seen, List<NetworkProblem> problems) {
        List<NetworkStatus> all = new ArrayList<>();
        for (DesiredLink link : want.links()) {
            Network network = link.network();
            Optional<String> words = words(problems, network.name());
            boolean isAbsent = problems.stream()
                    .anyMatch(problem -> problem.network().equals(network.name())
                            && problem.effect() == NetworkProblem.Effect.ABSENT);
            all.add(held.link(network.name())
                    .filter(_ -> !isAbsent)
                    .map(has -> there(has.network(), claims, seen, words))
                    .orElseGet(() -> unavailable(network, claims, words.orElse(""))));
        }
        all.addAll(missing(want, claims, problems));
        return words(problems, "")
                .map(words -> all.stream()
                        .map(one -> one.message().isEmpty() ? one.saying(words) : one)
                        .toList())
                .orElse(all);
    }

    /**
     * These, and what is written of networks that stay as they are: while their definitions are not there nobody can say
     * more of them, and the addresses are the pod's only as long as they are written.
     *
     * @param all what is to be told
     * @param retained which networks stay as they are
     * @param last what was told last
     */
    public static List<NetworkStatus> withRetained(
            List<NetworkStatus> all, RetainedLinks retained, List<NetworkStatus> last) {
        return Stream.concat(
                        all.stream(),
                        last.stream()
                                .filter(one -> retained.covers(one.name())
                                        && all.stream()
                                                .noneMatch(other -> other.name().equals(one.name()))))
                .toList();
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
                    .filter(one -> one.name().equals(network.name()) && one.isThere())
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
                List<IpAddr> addresses = claims.with(name, before);
                all.add(told.filter(NetworkStatus::isThere)
                        .map(one -> one.claiming(addresses))
                        .orElseGet(
                                () -> NetworkStatus.claim(name, link.network().vni(), addresses)));
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

    private static NetworkStatus there(Network network, Claims claims, ObservedPod seen, Optional<String> words) {
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
                words.isPresent() ? State.DEGRADED : State.READY,
                Optional.of(network.vni()),
                new NetworkStatus.Link(
                        Optional.of(network.ifName()),
                        claims.with(network.name(), ips),
                        link.flatMap(ObservedLink::mac),
                        link.map(known -> OptionalInt.of(known.mtu())).orElse(OptionalInt.empty()),
                        seen.agent()),
                words.orElse(""));
    }

    private static NetworkStatus unavailable(Network network, Claims claims, String words) {
        return NetworkStatus.without(
                network.name(), State.UNAVAILABLE, Optional.of(network.vni()), claims.of(network.name()), words);
    }

    private static List<NetworkStatus> missing(DesiredPod want, Claims claims, List<NetworkProblem> problems) {
        Set<String> told = new HashSet<>(
                want.links().stream().map(link -> link.network().name()).toList());
        return problems.stream()
                .map(NetworkProblem::network)
                .filter(network -> !network.isEmpty() && told.add(network))
                .map(network -> NetworkStatus.without(
                        network,
                        State.UNAVAILABLE,
                        Optional.empty(),
                        claims.of(network),
                        words(problems, network).orElse("")))
                .toList();
    }

    private static Optional<String> words(List<NetworkProblem> problems, String network) {
        return problems.stream()
                .filter(problem -> problem.network().equals(network))
                .map(NetworkProblem::sentence)
                .reduce((one, other) -> one + "; " + other);
    }
}
