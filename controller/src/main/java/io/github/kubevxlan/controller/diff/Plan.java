package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import java.util.List;
import java.util.function.Predicate;

/**
 * The next operations in one pod.
 *
 * @param ops in the order in which they are to be done; empty if nothing is to change
 * @param unlisted names of links whose entries must be listed before they can be compared
 * @param deferred whether more is to follow that only the next report can tell
 * @param problems why the pod can't have a part of the desired state
 * @param held what the pod has once there is nothing to do: the possible part of the desired state
 */
public record Plan(
        List<NetOp> ops, List<IfName> unlisted, boolean deferred, List<NetworkProblem> problems, DesiredPod held) {
    public Plan {
        ops = List.copyOf(ops);
        unlisted = List.copyOf(unlisted);
        problems = List.copyOf(problems);
    }

    /** Whether the observed state is the desired one, as far as the pod can have it. */
    public boolean settled() {
        return ops.isEmpty() && unlisted.isEmpty() && !deferred;
    }

    /** Whether the pod has all that it can ever have once the operations went well. */
    public boolean last() {
        return unlisted.isEmpty()
                && !deferred
                && problems.stream().allMatch(problem -> problem.effect() == NetworkProblem.Effect.LEFT_OUT);
    }

    /**
     * Whether a pod has lost a link or an address on it that it is to have. What an edit adds and the pod does not get is
     * no loss. A pod of which nothing was told yet misses all that it is to have; one that is ready without a network has
     * none to lose.
     *
     * @param seen what its agent reported
     * @param told what was written on it last
     */
    public boolean isLost(ObservedPod seen, ObservedStatus told) {
        List<NetworkStatus> there =
                told.status().networks().stream().filter(NetworkStatus::isThere).toList();
        if (there.isEmpty()) {
            return !told.isReady()
                    && (isAbsent(_ -> true) || !held.links().stream().allMatch(link -> LinkDiff.isIn(link, seen)));
        }
        return there.stream().anyMatch(one -> isLost(one, seen));
    }

    /** What is claimed is not on the interface yet. */
    private boolean isLost(NetworkStatus told, ObservedPod seen) {
        List<IpAddr> had = told.state() == NetworkStatus.State.CLAIMED ? List.of() : told.ips();
        return isAbsent(told.name()::equals)
                || held.link(told.name())
                        .filter(link -> LinkDiff.hasLost(link, had, seen))
                        .isPresent();
    }

    private boolean isAbsent(Predicate<String> network) {
        return problems.stream()
                .anyMatch(
                        problem -> problem.effect() == NetworkProblem.Effect.ABSENT && network.test(problem.network()));
    }
}
