package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Forty members of two networks on two nodes, of which {@code vxlan inspect} asks every one. */
class InspectSoak {
    private static final int MEMBERS = 40;
    private static final List<String> NETWORKS = List.of("e2e-rest-plain", "e2e-rest-secure");

    @RegisterExtension
    static final Stage stage = Stage.named("rest");

    @Test
    void nothingDiffersAtRest() {
        stage.define(NETWORKS.getFirst(), "id=8585");
        stage.define(NETWORKS.getLast(), "id=8586 subnet=10.85.86.0/24 security=on");
        List<Pod> pods = stage.start(IntStream.range(0, MEMBERS)
                .mapToObj(i -> Pods.onNode(i, Pods.member("member-%02d".formatted(i), String.join(",", NETWORKS))))
                .toArray(Pod[]::new));
        NETWORKS.forEach(network -> Overlays.awaitExact(network, pods));

        for (String network : NETWORKS) {
            long begun = System.nanoTime();
            Client.Ended ended = Vxlan.run("inspect", "network", network);
            System.out.printf(
                    "inspect network %s, %d members: %d ms%n",
                    network,
                    MEMBERS,
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());

            assertEquals(0, ended.status(), ended.output());
            assertTrue(ended.output().endsWith("No difference in network " + network + ".\n"), ended.output());
            // Each row says to how many a member should send, to how many its kernel does, and whom nobody asked.
            assertEquals(
                    MEMBERS,
                    ended.result()
                            .lines()
                            .filter(line -> line.matches(stage.namespace() + "/member-.* 39 +39 +0 +- *"))
                            .count(),
                    ended.output());
        }
    }
}
