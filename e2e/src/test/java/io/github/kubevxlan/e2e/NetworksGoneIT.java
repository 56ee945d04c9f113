package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ConfigMap with the definitions is deleted while it has members. */
@Alone("deletes all definitions")
class NetworksGoneIT {
    private static final String NETWORK = "e2e-gone";
    private static final Net NET = Net.of(NETWORK, 7910);

    @RegisterExtension
    static final Stage stage = Stage.named("gone");

    private Map<String, String> definitions = Map.of();

    @AfterEach
    void restore() {
        if (Networks.all().isEmpty() && !definitions.isEmpty()) {
            Networks.restore(definitions);
        }
        Networks.annotate("allow-delete", null);
        Controller.start();
    }

    @Test
    void deletionIsRefusedAndIfAllowedChangesNothingThatRuns() {
        stage.define(NETWORK, "7910");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("one", NETWORK)),
                Pods.onNode(1, Pods.member("two", NETWORK)),
                Pods.onNode(1, Pods.member("leaves", NETWORK)));
        Declared.all(pods, NET).awaitExact();
        definitions = Networks.all();
        Await.until(
                "the webhook has heard of members",
                () -> deletion().isPresent()
                        ? Optional.empty()
                        : Optional.of("a dry run of the deletion is let through"));
        assertTrue(deletion().orElse("").contains("allow-delete"), deletion().toString());

        Networks.annotate("allow-delete", "true");
        Networks.delete();
        awaitEvent();
        stage.delete("leaves");
        List<Pod> staying = pods.subList(0, 2);
        Declared.all(staying, NET).awaitExact();

        Controller.kill();
        Controller.start();
        stage.create(Pods.onNode(0, Pods.member("later", NETWORK)));
        stage.event("later", "NetworkUnavailable");
        assertFalse(Pods.isRunning(stage.pod("later"), Pods.APP), "the app waits");
        Declared.all(staying, NET).awaitExact();
        assertEquals(Map.of(), Networks.all(), "the ConfigMap is not made anew");

        Networks.restore(definitions);
        Pod later = stage.ready("later").getFirst();
        Declared.all(List.of(staying.get(0), staying.get(1), later), NET).awaitExact();
    }

    /** Why the deletion would be refused; a dry run. */
    private static Optional<String> deletion() {
        try {
            Networks.tryToDelete();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void awaitEvent() {
        Await.until(
                "an Event says that the ConfigMap is gone",
                () -> Cluster.client()
                                .v1()
                                .events()
                                .inNamespace(Cluster.SYSTEM)
                                .withField("involvedObject.name", Cluster.CONFIG_MAP)
                                .list()
                                .getItems()
                                .stream()
                                .anyMatch(event -> "NetworksGone".equals(event.getReason()))
                        ? Optional.empty()
                        : Optional.of("no such Event"));
    }
}
