package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Unavailable;
import io.github.kubevxlan.controller.address.AddressBook;
import io.github.kubevxlan.controller.address.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A labelled pod, and what comes of what it declares.
 *
 * @param pod as last seen
 * @param resolution its networks
 * @param in the segments that it is in
 */
record Member(PodSnapshot pod, Resolution resolution, Set<SegmentKey> in) {
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

    /** Links of its that stay as they are. */
    Frozen frozen(Definitions definitions) {
        if (resolution.isComplete()) {
            return Frozen.NOTHING;
        }
        Set<String> broken = resolution.unavailable().stream()
                .filter(unavailable -> !unavailable.isUnknown())
                .map(Unavailable::network)
                .collect(Collectors.toSet());
        return new Frozen(
                !resolution.problems().isEmpty(),
                broken,
                definitions.closedTo(pod.ref().namespace()));
    }

    /** Why it can't have everything that it declares; empty if it can. */
    List<Obstacle> missing(AddressBook addresses) {
        List<Obstacle> missing = new ArrayList<>();
        resolution
                .unavailable()
                .forEach(unavailable -> missing.add(new Obstacle(unavailable.network(), unavailable.toString())));
        resolution
                .denied()
                .forEach(denied -> missing.add(
                        new Obstacle(denied.network(), denied.problem().toString())));
        for (Network network : resolution.networks()) {
            addresses.grant(pod.ref().uid(), network).map(Grant::refusals).orElse(List.of()).stream()
                    .map(refusal -> new Obstacle(network.name(), "network " + network.name() + ": " + refusal))
                    .forEach(missing::add);
            network.family()
                    .filter(family -> pod.vtep(network.family()).isEmpty())
                    .ifPresent(family -> missing.add(new Obstacle(
                            network.name(),
                            "network " + network.name() + ": it runs over " + family.word() + " (family=" + family
                                    + "), and the pod has no " + family.word() + " address")));
        }
        resolution.problems().forEach(problem -> missing.add(new Obstacle("", problem.toString())));
        return missing;
    }

    /** Its addresses; those of a network that stays as it is are the ones that are written on it. */
    Claims claims(AddressBook addresses, Frozen frozen) {
        Map<String, List<IpAddr>> claims = new HashMap<>();
        pod.recorded().status().networks().stream()
                .filter(recorded -> frozen.covers(recorded.name()))
                .forEach(recorded -> claims.put(recorded.name(), recorded.ips()));
        resolution
                .networks()
                .forEach(network -> addresses
                        .grant(pod.ref().uid(), network)
                        .ifPresent(grant -> claims.put(network.name(), grant.claims())));
        return new Claims(claims);
    }
}
