package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.List;
import java.util.stream.Stream;

/**
 * Networks that run over an address family that a pod has no address of. A pod that was in such a network before stays in it
 * as it was, with all others that can't follow the edit, unless another network has the segment now. Nobody joins so.
 */
final class UnmetFamily {
    private UnmetFamily() {}

    /** Those of a pod's networks that it can't have; none while it has no address at all. */
    static List<Network> unmet(Resolution now, PodSnapshot pod) {
        return now.networks().stream().filter(network -> isUnmet(network, pod)).toList();
    }

    /**
     * What a pod declares, with what it was in instead of what it can't have.
     *
     * @param now as it resolves now
     * @param before as it resolved before
     */
    static Resolution keep(Resolution now, Resolution before, PodSnapshot pod, Resolver resolver) {
        List<Network> met = now.networks().stream()
                .filter(network -> !isUnmet(network, pod))
                .toList();
        List<Network> networks = now.networks().stream()
                .map(network -> Stream.of(network)
                        .filter(one -> isUnmet(one, pod))
                        .flatMap(_ -> before.networks().stream())
                        .filter(was -> was.name().equals(network.name())
                                && pod.vtep(was.family())
                                        .filter(vtep -> resolver.isOfNoOther(was, vtep.family()))
                                        .isPresent()
                                && met.stream().noneMatch(other -> isInTheWay(other, was)))
                        .findFirst()
                        .orElse(network))
                .toList();
        return new Resolution(networks, now.definitionProblems(), now.problems(), now.tenancyProblems(), now.source());
    }

    /** Whether a pod can't be in both. */
    static boolean isInTheWay(Network one, Network other) {
        return one.ifName().equals(other.ifName()) || one.segment().equals(other.segment());
    }

    private static boolean isUnmet(Network network, PodSnapshot pod) {
        return !pod.ips().isEmpty() && pod.vtep(network.family()).isEmpty();
    }
}
