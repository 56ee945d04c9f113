package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Examples;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeploymentIT {
    private static final String NETWORK = "vxeth0";

    @RegisterExtension
    static final Stage stage = Stage.named("deployment");

    @BeforeAll
    static void applyExample() {
        Examples.apply("deployment.yaml", stage);
    }

    @Test
    void allPodsPingEachOtherAcrossNodes() {
        List<Pod> pods = scaledTo(4);
        assertEquals(
                Cluster.nodes(),
                pods.stream()
                        .map(pod -> pod.getSpec().getNodeName())
                        .distinct()
                        .sorted()
                        .toList(),
                "pods are on every node");
        Map<String, String> addresses = linkLocal(pods);
        pods.forEach(pod -> Shell.inApp(pod, pingAll(addresses.values())));
    }

    @Test
    void scalingLeavesExactlyTheRightEntriesInEveryPod() {
        for (int replicas : List.of(4, 10, 2)) {
            Overlays.awaitExact(NETWORK, scaledTo(replicas));
        }
    }

    private static List<Pod> scaledTo(int replicas) {
        Cluster.client()
                .apps()
                .deployments()
                .inNamespace(stage.namespace())
                .withName("members")
                .scale(replicas);
        return stage.ready("example", "members", replicas);
    }

    /** Every pod's link-local address, which a pod has and may use once the kernel has found it to be nobody else's. */
    private static Map<String, String> linkLocal(List<Pod> pods) {
        return pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getName(), DeploymentIT::linkLocal));
    }

    private static String linkLocal(Pod pod) {
        Await.until("a link-local address in " + pod.getMetadata().getName(), () -> {
            String tentative = Shell.inAgent(pod, "ip -6 address show dev " + NETWORK + " tentative");
            Overlay.Link link = Overlays.of(pod).link(NETWORK);
            return link.linkLocal().isPresent() && tentative.isBlank()
                    ? Optional.empty()
                    : Optional.of(link + ", tentative: " + tentative);
        });
        return Overlays.of(pod).link(NETWORK).linkLocal().orElseThrow();
    }

    private static String pingAll(Collection<String> addresses) {
        return addresses.stream()
                .map(address -> "ping -c 1 -W 5 %s%%%s".formatted(address, NETWORK))
                .collect(Collectors.joining(" && "));
    }
}
