package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.PodLoad;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The webhook stands in every labelled pod's way, so there is always one. */
@Alone("evicts a webhook")
class AvailabilityIT {
    @RegisterExtension
    static final Stage stage = Stage.named("availability");

    @Test
    void webhooksAreSpreadOverTheNodes() {
        Webhook.awaitReady();
        assertEquals(Cluster.nodes(), nodes());
    }

    @Test
    void drainsTakeOneWebhookAtATimeAndRefuseNoPod() {
        Webhook.awaitReady();
        PodLoad load = PodLoad.start(stage);
        try (load) {
            List<Pod> both = Webhook.pods();
            assertTrue(evict(both.getFirst()));
            assertFalse(evict(both.getLast()), "the last one is evicted, too");
            Webhook.awaitReady();
        }
        assertEquals(List.of(), load.failures());
        assertEquals(Cluster.nodes(), nodes());
    }

    private static boolean evict(Pod pod) {
        return Cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(pod.getMetadata().getName())
                .evict();
    }

    private static List<String> nodes() {
        return Webhook.pods().stream()
                .map(pod -> pod.getSpec().getNodeName())
                .sorted()
                .toList();
    }
}
