package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.Right;
import io.github.kubevxlan.cli.kube.TrialPods;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.trial.TrialFindings;
import io.github.kubevxlan.cli.trial.TrialNetwork;
import io.github.kubevxlan.cli.trial.TrialPod;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.cli.view.Views;
import io.github.kubevxlan.common.util.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a pod on each of up to ten nodes, sends packets between each two of them, and removes the pods. */
final class DeepTrial {
    private static final int PACKETS = 5;
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int RUNS = 256;

    private final Cluster cluster;
    private final int run = new SecureRandom().nextInt(RUNS);

    DeepTrial(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * What came of it.
     *
     * @param note what was tried
     */
    record Outcome(List<Finding> findings, String note) {}

    /**
     * Does it. If it cannot be done to its end, a finding says why: what else {@code doctor} found stays.
     *
     * @param asked the network to join; empty for one that pods of the namespace may join
     */
    Outcome run(ClusterState before, String asked) {
        return TrialNetwork.choose(before.definitions(), cluster.namespace(), asked)
                .map(network -> run(before, network))
                .orElseGet(() -> unfinished(
                        before.unknown()
                                .orElseGet(() -> "no network " + (asked.isEmpty() ? "" : asked + " ")
                                        + "that pods of namespace " + cluster.namespace() + " may join"),
                        cluster.release().vxlan("list networks")));
    }

    private Outcome run(ClusterState before, TrialNetwork network) {
        TrialPods pods = new TrialPods(cluster.client(), before.settings().keys(), cluster.namespace());
        Outcome outcome = new Outcome(List.of(), "");
        try (pods) {
            outcome = tried(pods, network);
        } catch (CommandFailure e) { // the pods could not be deleted
            return new Outcome(
                    Stream.concat(
                                    outcome.findings().stream(),
                                    Stream.of(TrialFindings.notDeleted(
                                            cluster.release(),
                                            cluster.namespace(),
                                            pods.left(),
                                            String.valueOf(e.getMessage()))))
                            .toList(),
                    outcome.note());
        }
        return outcome;
    }

    private Outcome tried(TrialPods pods, TrialNetwork network) {
        try {
            return started(pods, network);
        } catch (CommandFailure e) {
            return unfinished(String.valueOf(e.getMessage()), remedy(e));
        }
    }

    private Outcome started(TrialPods pods, TrialNetwork network) {
        List<TrialPod> started;
        try {
            Optional<String> image = pods.agentImage(network.annotation(run, 0));
            if (image.isEmpty()) {
                return notMade("the webhook gives it no agent");
            }
            List<String> nodes = pods.nodes();
            if (nodes.isEmpty()) {
                return new Outcome(List.of(TrialFindings.noNode(cluster.release())), "tried no pod on any node");
            }
            removeAtTheEnd(pods);
            started = started(pods, nodes, image.get(), network);
        } catch (KubernetesClientException e) { // only what makes a pod throws it as it is
            if (Right.isMissingForCreation(e)) {
                throw new Right("create", "pods", "", cluster.namespace()).failure(e);
            }
            return notMade(Reason.line(e));
        }
        return new Outcome(
                findings(pods, started, network.name()),
                "tried a pod on each of " + started.stream().map(TrialPod::node).collect(Collectors.joining(", "))
                        + " in network " + network.name() + ", and each two");
    }

    private Outcome unfinished(String reason, String remedy) {
        return new Outcome(
                List.of(TrialFindings.unfinished(cluster.namespace(), reason, remedy)),
                "did not finish the trial of pods on the nodes");
    }

    private String remedy(CommandFailure failure) {
        return failure.getCause() instanceof KubernetesClientException refused && Right.isMissing(refused)
                ? cluster.release().kubectl(cluster.namespace()) + " auth can-i --list"
                : cluster.release().vxlan("doctor --deep --namespace " + cluster.namespace());
    }

    /** Ctrl-C ends the program without the end of this method. */
    private void removeAtTheEnd(TrialPods pods) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                pods.close();
            } catch (CommandFailure e) {
                Vxlan.explain(e, cluster.terminal());
            }
        }));
    }

    private Outcome notMade(String reason) {
        return new Outcome(
                List.of(TrialFindings.notMade(cluster.release(), cluster.namespace(), reason)),
                "tried no pod on any node");
    }

    /** In a cluster of one node that node gets two. */
    private List<TrialPod> started(TrialPods pods, List<String> nodes, String image, TrialNetwork network) {
        List<TrialPod> started = new ArrayList<>();
        for (String node : nodes.size() == 1 ? List.of(nodes.getFirst(), nodes.getFirst()) : nodes) {
            int index = started.size();
            started.add(pods.make(node, image, network.annotation(run, index)));
        }
        return started;
    }

    private List<Finding> findings(TrialPods pods, List<TrialPod> started, String network) {
        List<String> late = pods.awaitReady();
        ClusterState state = cluster.readForComparison();
        List<Finding> findings = new ArrayList<>();
        started.stream()
                .filter(pod -> late.contains(pod.name()))
                .forEach(pod -> findings.add(TrialFindings.notReady(cluster.release(), pod, reason(state, pod))));
        List<TrialPod> ready =
                started.stream().filter(pod -> !late.contains(pod.name())).toList();
        Pings pings = new Pings(cluster, state, PACKETS, INTERVAL);
        TrialPod.pairs(ready).forEach(pair -> path(pings, state, pair, network).ifPresent(findings::add));
        return findings;
    }

    private Optional<Finding> path(Pings pings, ClusterState state, TrialPod.Pair pair, String network) {
        try {
            return TrialFindings.path(
                    pair,
                    pings.ping(
                            cluster.pod(state, pair.from().name()),
                            cluster.pod(state, pair.to().name()),
                            network));
        } catch (CommandFailure e) {
            return Optional.of(TrialFindings.notSent(cluster.release(), pair, String.valueOf(e.getMessage())));
        }
    }

    private String reason(ClusterState state, TrialPod pod) {
        try {
            PodView view = Views.pod(state, cluster.pod(state, pod.name()));
            return view.state() + (view.reason().isEmpty() ? "" : ", " + view.reason());
        } catch (CommandFailure e) {
            return String.valueOf(e.getMessage());
        }
    }
}
