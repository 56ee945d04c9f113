package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.PodView.Standing;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Source;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import java.util.List;
import java.util.Optional;

/** Judges the state of a pod. */
final class PodStates {
    static final String READY = "Ready";

    private PodStates() {}

    static Standing of(ClusterState cluster, PodFacts pod) {
        PodSnapshot snapshot = pod.snapshot();
        Keys keys = cluster.settings().keys();
        if (!pod.prefix().equals(keys.prefix())) {
            return new Standing(
                    "NotServed",
                    "its label " + pod.prefix() + " is an older controller's; this one serves " + keys.label()
                            + ": see vxlan convert, or the chart's keyPrefix");
        }
        List<String> watched = cluster.settings().watched();
        if (!watched.isEmpty() && !watched.contains(snapshot.ref().namespace())) {
            return new Standing("NotServed", "watchNamespaces does not include its namespace");
        }
        if (snapshot.hostNetwork()) {
            return new Standing("Untouched", "it uses its node's network (hostNetwork)");
        }
        if (snapshot.finished()) {
            return new Standing("Finished", "");
        }
        return switch (snapshot.agent()) {
            case OF_STATIC_POD -> new Standing("Untouched", "its node runs it from a file (static pod)");
            case OF_WINDOWS -> new Standing("Untouched", "it is for Windows");
            case NONE ->
                new Standing(
                        "NoAgent",
                        "it was created without an agent, before it got the label or while no webhook answered:"
                                + " recreate it");
            case WAITING, RUNNING, ALONE -> ofMember(cluster, pod);
        };
    }

    private static Standing ofMember(ClusterState cluster, PodFacts pod) {
        List<NetworkStatus> networks = pod.snapshot().observedStatus().status().networks();
        Optional<NetworkStatus> unavailable = networks.stream()
                .filter(network -> network.state() == State.UNAVAILABLE)
                .findFirst();
        if (unavailable.isPresent()) {
            return new Standing("Unavailable", unavailable.get().message());
        }
        Optional<NetworkStatus> degraded = networks.stream()
                .filter(network -> network.state() == State.DEGRADED)
                .findFirst();
        if (degraded.isPresent()) {
            return new Standing("Degraded", degraded.get().message());
        }
        Resolution resolution = cluster.resolve(pod);
        boolean isKnown = cluster.incomparable(pod).isEmpty();
        Optional<String> problem = isKnown ? problem(resolution) : Optional.empty();
        if (problem.isPresent()) {
            return new Standing("Unavailable", problem.get());
        }
        if (isKnown && resolution.source() == Source.NONE) {
            return new Standing(
                    "NoNetwork", "neither it nor its namespace names a network, and there is no default network");
        }
        if (pod.snapshot().agent() == PodSnapshot.AgentState.WAITING) {
            return new Standing("Pending", pod.waiting().isEmpty() ? "its agent does not run yet" : pod.waiting());
        }
        List<NetworkStatus> waiting = networks.stream()
                .filter(network -> network.state() != State.READY)
                .toList();
        if (networks.isEmpty() || !waiting.isEmpty()) {
            return new Standing(
                    "Pending",
                    waiting.stream()
                            .map(NetworkStatus::message)
                            .filter(message -> !message.isEmpty())
                            .findFirst()
                            .orElse("the controller has not set up its networks yet"));
        }
        return pod.snapshot()
                .observedStatus()
                .status()
                .ready()
                .filter(ready -> !ready.holds())
                .map(PodStates::notReady)
                .orElse(new Standing(READY, ""));
    }

    private static Optional<String> problem(Resolution resolution) {
        return resolution.refusals().stream()
                .map(Object::toString)
                .findFirst()
                .or(() -> resolution.definitionProblems().stream()
                        .map(Object::toString)
                        .findFirst());
    }

    private static Standing notReady(ReadyCondition ready) {
        return new Standing(ready.reason(), ready.message());
    }
}
