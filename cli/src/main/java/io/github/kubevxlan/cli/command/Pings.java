package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Agents;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.ExecAgents;
import io.github.kubevxlan.cli.kube.Pinger;
import io.github.kubevxlan.cli.ping.Ends;
import io.github.kubevxlan.cli.ping.Evidence;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PathProblem;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.PodInspection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sends packets between pods and finds out where they get lost.
 *
 * @param cluster the cluster
 * @param state of it, before the packets
 * @param count of packets
 * @param interval between two
 */
record Pings(Cluster cluster, ClusterState state, int count, Duration interval) {
    /**
     * Pings one pod from another.
     *
     * @param network the one to use; empty for the first that both are in
     * @throws CommandFailure if an agent cannot do it, or they have no network or no addresses in common
     */
    PingView ping(PodFacts near, PodFacts far, String network) {
        ExecAgents agents = new ExecAgents(cluster.client());
        Ends ends = Ends.of(asked(agents, state, near), asked(agents, state, far), network)
                .orElseThrow(() -> new CommandFailure("pods " + near.name() + " and " + far.name()
                        + (network.isEmpty() ? " have no network in common" : " are not both in network " + network)));
        Pinger pinger = new Pinger(cluster.client(), count, interval);
        Passage overlay = ends.addresses()
                .map(addresses ->
                        pinger.ping(near.snapshot(), addresses.from(), far.snapshot(), addresses.to(), ends.mtu()))
                .orElse(Passage.none(count));
        Evidence evidence = overlay.isWhole()
                ? ends.evidence(overlay)
                : afterLoss(
                        ends,
                        overlay,
                        pinger.ping(
                                near.snapshot(),
                                ends.from().vtep(),
                                far.snapshot(),
                                ends.to().vtep(),
                                0),
                        cluster::readForComparison,
                        (now, pod) -> asked(agents, now, cluster.pod(now, pod)));
        if (ends.addresses().isEmpty() && !evidence.isLacking()) {
            throw new CommandFailure(
                    "pods " + near.name() + " and " + far.name() + " have no addresses of one family in network "
                            + ends.from().network());
        }
        return PingView.of(
                        ends,
                        evidence,
                        evidence.verdict(cluster.release(), state.settings().configMap()))
                .and(Stream.of(near, far)
                        .flatMap(pod -> PathProblem.of(
                                        pod.snapshot(), ends.from().network())
                                .map(words -> pod.name() + ": its probes found: " + words))
                        .toList());
    }

    /** Reads the cluster again, because pods may have come and gone since the packets were sent. */
    static Evidence afterLoss(
            Ends ends,
            Passage overlay,
            Passage underlay,
            Supplier<ClusterState> read,
            BiFunction<ClusterState, String, PodInspection> ask) {
        ClusterState now = read.get();
        return ends.evidence(
                overlay, Optional.of(underlay), ask.apply(now, name(ends.near())), ask.apply(now, name(ends.far())));
    }

    private static String name(PodInspection pod) {
        return pod.pod().namespace() + "/" + pod.pod().name();
    }

    private static PodInspection asked(Agents agents, ClusterState state, PodFacts pod) {
        PodInspection inspection = InspectPod.inspect(agents, state, pod, List.of());
        if (!inspection.asked()) {
            throw new CommandFailure("cannot ask pod " + pod.name() + ": " + inspection.unasked());
        }
        return inspection;
    }
}
