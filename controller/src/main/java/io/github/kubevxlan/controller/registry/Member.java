package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.DefinitionProblem;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.controller.address.AddressBook;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A labelled pod, and what comes of what it declares.
 *
 * @param pod as last seen
 * @param resolution its networks
 * @param isUndecided whether that is not known: its namespace says it, which no watch has shown yet
 * @param unmet what it declares of a network now that it can't have, since it has no address of the underlay family; its
 *     resolution has the network as it was before, if it was in that
 * @param in the segments that it is in
 */
record Member(PodSnapshot pod, Resolution resolution, boolean isUndecided, List<Network> unmet, Set<SegmentKey> in) {
    Member {
        unmet = List.copyOf(unmet);
    }

    /** The same pod in these segments. */
    Member in(Set<SegmentKey> segments) {
        return new Member(pod, resolution, isUndecided, unmet, segments);
    }

    /** The same, of whose pod nothing changed but what was written back. */
    Member as(PodSnapshot now) {
        return new Member(now, resolution, isUndecided, unmet, in);
    }

    /** Whether it will never use an address again. */
    boolean isOver() {
        return pod.finished() || pod.hostNetwork();
    }

    /** Its networks, but for those whose underlay family it has no address of; all while it has no address at all. */
    List<Network> usable() {
        return resolution.networks().stream()
                .filter(network ->
                        pod.ips().isEmpty() || pod.vtep(network.family()).isPresent())
                .toList();
    }

    /** Links of its that stay as they are; none of a segment that is known to be another network's now. */
    RetainedLinks retained(Resolver resolver) {
        Definitions definitions = resolver.definitions();
        if (!definitions.isPresent() || isUndecided) {
            return new RetainedLinks(true, Set.of(), Set.of());
        }
        if (resolution.isComplete() && unmet.isEmpty()) {
            return RetainedLinks.NOTHING;
        }
        Set<String> retained = resolution.definitionProblems().stream()
                .filter(problem -> !problem.isUnknown())
                .map(DefinitionProblem::network)
                .collect(Collectors.toCollection(HashSet::new));
        unmet.stream()
                .filter(network -> !isIn(network.name())
                        && pod.ips().stream().allMatch(ip -> resolver.isOfNoOther(network, ip.family())))
                .map(Network::name)
                .forEach(retained::add);
        return new RetainedLinks(
                !resolution.problems().isEmpty(),
                retained,
                definitions.closedTo(pod.ref().namespace()));
    }

    /** Why it can't have everything that it declares; empty if it can. */
    List<NetworkProblem> missing(AddressBook addresses) {
        List<NetworkProblem> missing = new ArrayList<>();
        if (isUndecided) {
            missing.add(new NetworkProblem(
                    "",
                    "the controller has yet to see namespace " + pod.ref().namespace()
                            + ", whose annotations may name networks"));
        }
        resolution.definitionProblems().forEach(problem -> missing.add(problem(problem)));
        resolution
                .tenancyProblems()
                .forEach(problem -> missing.add(new NetworkProblem(
                        problem.network(),
                        problem.problem().toString(),
                        has(problem.network()) ? Effect.LEFT_OUT : Effect.ABSENT)));
        for (Network network : resolution.networks()) {
            addresses.allocation(pod.ref().uid(), network).ifPresent(allocation -> {
                allocation.refusals().forEach(words -> missing.add(problem(network, words, Effect.ABSENT)));
                allocation.notApplied().forEach(words -> missing.add(problem(network, words, Effect.NOT_APPLIED)));
            });
        }
        unmet.forEach(network -> missing.add(unmet(network)));
        resolution.problems().forEach(problem -> missing.add(new NetworkProblem("", problem.toString())));
        return missing;
    }

    private NetworkProblem unmet(Network network) {
        Family family = network.family().orElseThrow();
        String words = "it runs over " + family.word() + " (family=" + family + "), and the pod has no " + family.word()
                + " address";
        return isIn(network.name())
                ? problem(network, words + "; the pod keeps it as it was", Effect.NOT_APPLIED)
                : problem(network, words, Effect.ABSENT);
    }

    private static NetworkProblem problem(Network network, String words, Effect effect) {
        return new NetworkProblem(network.name(), "network " + network.name() + ": " + words, effect);
    }

    private boolean has(String name) {
        return resolution.networks().stream().anyMatch(network -> network.name().equals(name));
    }

    /** Whether it is in the network, as that is or was. */
    private boolean isIn(String name) {
        return usable().stream().anyMatch(network -> network.name().equals(name));
    }

    private NetworkProblem problem(DefinitionProblem problem) {
        return has(problem.network())
                ? new NetworkProblem(problem.network(), problem + "; the pod keeps it as it was", Effect.NOT_APPLIED)
                : new NetworkProblem(problem.network(), problem.toString());
    }

    /** Its addresses; those of a network that stays as it is are the ones that are written on it. */
    Claims claims(AddressBook addresses, RetainedLinks retained) {
        Map<String, List<IpAddr>> claims = new HashMap<>();
        pod.observedStatus().status().networks().stream()
                .filter(one -> retained.covers(one.name()))
                .forEach(one -> claims.put(one.name(), one.ips()));
        usable().forEach(network -> addresses
                .allocation(pod.ref().uid(), network)
                .ifPresent(allocation -> claims.put(network.name(), allocation.claims())));
        return new Claims(claims);
    }
}
