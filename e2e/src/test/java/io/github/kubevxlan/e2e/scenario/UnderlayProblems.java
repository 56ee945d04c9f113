package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.InjectedProblem.Step;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Problems of kernels, and of the network between the nodes. */
public final class UnderlayProblems {
    private final Stage stage;

    /** Takes a namespace for members. */
    public UnderlayProblems(Stage stage) {
        this.stage = stage;
    }

    /** Somebody removed an entry from a member's kernel. */
    public InjectedProblem missingEntry(int vni) {
        String network = "e2e-doc-entry";
        return new InjectedProblem(
                "an entry that was removed by hand",
                () -> {
                    stage.define(network, "id=" + vni);
                    List<Pod> pods = stage.start(
                            Pods.onNode(0, Pods.member("robbed", network)),
                            Pods.onNode(1, Pods.member("peer", network)));
                    Lab.inPod(
                            pods.getFirst(),
                            "/sbin/bridge fdb del 00:00:00:00:00:00 dev " + network + " dst " + Pods.ip(pods.get(1)));
                },
                List.of(Step.of("kernel", stage.namespace() + "/robbed", "flood entry")),
                () -> Overlays.awaitExact(network, stage.ready("robbed", "peer")));
    }

    /** A firewall between the nodes drops the network's UDP port. */
    public InjectedProblem portDropped(int vni) {
        return underlay("e2e-doc-port", vni, "", "to port 14789", "dstport=[0-9]+");
    }

    /** The path between the nodes carries smaller packets than the nodes' devices. */
    public InjectedProblem smallUnderlay(int vni) {
        return underlay("e2e-doc-mtu", vni, "meta length gt 1300", "get lost, and the interfaces send", "mtu=[0-9]+");
    }

    private InjectedProblem underlay(String network, int vni, String packets, String words, String advice) {
        return new InjectedProblem(
                "the network between the nodes drops packets: " + words,
                () -> {
                    stage.define(network, "id=" + vni);
                    Lab.outside("nft 'table bridge e2e-cut { chain forward { type filter hook forward priority 0;"
                            + " udp dport 14789 " + packets + " counter drop; }; }'");
                },
                List.of(Step.of("trial-path", network, words)
                        .with("--deep", "--network", network)
                        .edit(finding -> "s/id=" + vni + "/id=" + vni + " " + found(advice, finding.what()) + "/")),
                () -> {},
                () -> Lab.outside("nft delete table bridge e2e-cut"));
    }

    private static String found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + pattern + " in " + text));
    }
}
