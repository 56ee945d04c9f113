package io.github.kubevxlan.cli.trial;

import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.ping.Verdict;
import io.github.kubevxlan.cli.state.Release;
import java.util.List;
import java.util.Optional;

/** What trial pods show, as findings. */
public final class TrialFindings {
    static final String START = "trial-start";
    static final String PATH = "trial-path";

    private TrialFindings() {}

    /** The trial was not begun, or not done to its end. */
    public static Finding unfinished(String namespace, String reason, String remedy) {
        return Finding.warning(
                START,
                "doctor could not finish its trial of pods: " + reason + ".",
                "Namespace " + namespace,
                "It is not known whether members work on your nodes.",
                remedy);
    }

    /** Pods of the trial are still there. */
    public static Finding notDeleted(Release release, String namespace, List<String> pods, String reason) {
        return Finding.warning(
                START,
                "doctor could not delete its pods: " + reason + ".",
                "Namespace " + namespace,
                "They end by themselves after ten minutes, and are there until somebody deletes them.",
                release.kubectl(namespace) + " delete pods " + String.join(" ", pods));
    }

    /** No pod could be made at all. */
    public static Finding notMade(Release release, String namespace, String reason) {
        return Finding.broken(
                START,
                "The API server takes no labelled pod: " + reason + ".",
                "Namespace " + namespace,
                "Pods with the label cannot be created there.",
                release.vxlan("doctor --namespace " + namespace));
    }

    /** There is no node to make one on. */
    public static Finding noNode(Release release) {
        return Finding.broken(
                START,
                "No node takes a pod for Linux: none is ready and without a taint.",
                "Nodes",
                "No pod could be tried, and no new pod without tolerations starts.",
                release.kubectlAnywhere() + " describe nodes");
    }

    /** A pod did not become ready in time. */
    public static Finding notReady(Release release, TrialPod pod, String reason) {
        String[] name = pod.name().split("/", 2);
        return Finding.broken(
                START,
                "A labelled pod on it did not become ready within " + TrialPod.PATIENCE.toSeconds() + " s: " + reason
                        + ".",
                "Node " + pod.node(),
                "Pods of this node do not become members, or not fast.",
                release.kubectl(name[0]) + " get events --field-selector involvedObject.name=" + name[1]);
    }

    /** What packets between two pods show; empty if all came back, as large as the interfaces send. */
    public static Optional<Finding> path(TrialPod.Pair pair, PingView ping) {
        String where = "Nodes " + pair.from().node() + " and " + pair.to().node() + ", network "
                + ping.way().network();
        Passage.Packets packets = ping.overlay().packets();
        String counted = packets.answered() + " of " + packets.sent() + " packets were answered. ";
        if (ping.verdict().endsAt() == Verdict.Place.NOWHERE) {
            return Optional.empty();
        }
        return Optional.of(
                ping.verdict().endsAt() == Verdict.Place.MTU
                        ? Finding.warning(
                                PATH,
                                ping.verdict().reason(),
                                where,
                                "Connections hang as soon as they send more.",
                                ping.verdict().remedy())
                        : finding(ping, counted, where));
    }

    private static Finding finding(PingView ping, String counted, String where) {
        String why = "Members on these nodes do not reach each other, or lose packets.";
        return ping.overlay().packets().answered() == 0
                ? Finding.broken(
                        PATH,
                        counted + ping.verdict().reason(),
                        where,
                        why,
                        ping.verdict().remedy())
                : Finding.warning(
                        PATH,
                        counted + ping.verdict().reason(),
                        where,
                        why,
                        ping.verdict().remedy());
    }

    /** Packets could not be sent between two pods. */
    public static Finding notSent(Release release, TrialPod.Pair pair, String reason) {
        return Finding.broken(
                PATH,
                "No packets could be sent: " + reason + ".",
                "Nodes " + pair.from().node() + " and " + pair.to().node(),
                "The command cannot tell whether members on these nodes reach each other.",
                release.vxlan("list pods --all-namespaces"));
    }
}
