package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Paths between the nodes that lose packets of some segments, and what the leader's metrics tell of them. */
public final class Paths {
    private Paths() {}

    /**
     * Has the nodes' network lose some packets of these segments until {@link #mend}.
     *
     * @param packets which ones, as an expression of nftables; {@code counter} for all
     */
    public static void drop(Set<Integer> vnis, String packets) {
        mend();
        String segments = vnis.stream().map(String::valueOf).collect(Collectors.joining(", "));
        Lab.outside("nft 'table bridge e2e-probes { chain forward { type filter hook forward priority 0;"
                + " udp dport 14789 @th,96,24 { " + segments + " } " + packets + " drop; }; }'");
    }

    /** Has it lose none. */
    public static void mend() {
        Lab.outside("nft 'add table bridge e2e-probes; delete table bridge e2e-probes'");
    }

    /** Waits until the leader tells of a path. */
    public static void awaitMetric(String name, String network, Pod from, Pod to, int wanted) {
        String sample = sample(name, network, from, to, wanted);
        Await.until("the leader tells " + sample, () -> {
            List<String> told = metrics(network);
            return told.contains(sample) ? Optional.empty() : Optional.of(told.toString());
        });
    }

    /** A line of metrics about the path between the nodes of two pods. */
    public static String sample(String name, String network, Pod from, Pod to, int value) {
        return name + "{from=\"" + from.getSpec().getNodeName() + "\",network=\"" + network + "\",to=\""
                + to.getSpec().getNodeName() + "\"} " + value + ".0";
    }

    /** What the leader tells of the paths of a network. */
    public static List<String> metrics(String network) {
        return Footprint.metrics(Controller.pod(Controller.leader()))
                .lines()
                .filter(line -> line.startsWith("kube_vxlan_path_") && line.contains(network))
                .toList();
    }
}
