package io.github.kubevxlan.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** The kubelet of one node is dead while pods on the other node join and leave. */
public final class KubeletOutage {
    private static final String NETWORK = "e2e-kubelet";

    private KubeletOutage() {}

    /**
     * Plays it to its end, when everything is exact again.
     *
     * @param outage how long the kubelet is dead at least
     */
    public static void play(Stage stage, int vni, Duration outage) {
        String node = Cluster.nodes().get(1);
        stage.define(NETWORK, String.valueOf(vni));
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("near", NETWORK + " ip=10.81.3.1/24")),
                Pods.onNode(1, Pods.member("far", NETWORK + " ip=10.81.3.2/24")),
                Pods.onNode(0, Pods.member("leaves", NETWORK)));
        Pod near = pods.get(0);
        Declared both = Declared.nothing()
                .and(near, Net.of(NETWORK, vni, "10.81.3.1/24"))
                .and(pods.get(1), Net.of(NETWORK, vni, "10.81.3.2/24"));
        both.and(pods.get(2), Net.of(NETWORK, vni)).awaitExact();

        Lab.kill(Lab.kubelet(node));
        Declared all;
        try {
            stage.delete("leaves");
            stage.create(Pods.onNode(0, Pods.member("joins", NETWORK)));
            stage.awaitAgent("joins");
            Pod joined = stage.pod("joins");
            all = both.and(joined, Net.of(NETWORK, vni));
            all.awaitExactIn(List.of(near, joined));
            assertFalse(Lab.sendsTo(pods.get(1), Pods.ip(joined)), "the one out of reach was not told");
            stage.ready("joins");
            Overlays.ping(near, "10.81.3.2");
            awaitSilence(node, outage);
        } finally {
            Lab.start(Lab.kubelet(node));
        }
        Pod late = stage.start(Pods.onNode(1, Pods.member("late", NETWORK))).getFirst();
        all.and(late, Net.of(NETWORK, vni)).awaitExact();
    }

    /** A kubelet that lives renews its node's Lease every ten seconds. */
    private static void awaitSilence(String node, Duration outage) {
        Await.until(
                "the kubelet of " + node + " has been silent for " + outage.toSeconds() + " s",
                outage.plus(Await.LONG),
                () -> {
                    ZonedDateTime last = Cluster.client()
                            .leases()
                            .inNamespace("kube-node-lease")
                            .withName(node)
                            .get()
                            .getSpec()
                            .getRenewTime();
                    return last.plus(outage).isBefore(ZonedDateTime.now(last.getZone()))
                            ? Optional.empty()
                            : Optional.of("it spoke at " + last);
                });
    }
}
