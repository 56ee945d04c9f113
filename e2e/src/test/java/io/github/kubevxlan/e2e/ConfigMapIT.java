package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Edits of the definitions, while pods run. */
class ConfigMapIT {
    @RegisterExtension
    static final Stage stage = Stage.named("configmap");

    @Test
    void newVniReachesRunningPods() {
        stage.define("e2e-vni", "7400");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("vni-a", "e2e-vni ip=10.75.0.1/24")),
                Pods.onNode(1, Pods.member("vni-b", "e2e-vni ip=10.75.0.2/24")));
        Overlays.awaitExact("e2e-vni", pods);

        stage.define("e2e-vni", "7401");
        pods.forEach(pod -> awaitLink(pod, "e2e-vni", link -> link.vni() == 7401 && link.up()));
        Overlays.awaitExact("e2e-vni", pods);
        Shell.inApp(pods.getFirst(), "ping -c 1 -W 5 10.75.0.2");
        assertEquals(0, Pods.restarts(stage.pod("vni-a"), Pods.APP));
    }

    @Test
    void newAddressReplacesTheOldOneInPlace() {
        stage.define("e2e-address", "id=7402 ip=10.75.1.1/24");
        Pod pod = stage.start(Pods.member("address", "e2e-address")).getFirst();
        Overlay.Link before = Overlays.of(pod).link("e2e-address");

        stage.define("e2e-address", "id=7402 ip=10.75.1.2/24");
        awaitLink(
                pod,
                "e2e-address",
                link -> link.addresses().contains("10.75.1.2/24")
                        && !link.addresses().contains("10.75.1.1/24"));
        assertEquals(before.index(), Overlays.of(pod).link("e2e-address").index(), "the link is the same");
    }

    @Test
    void newMtuIsSetInPlace() {
        stage.define("e2e-mtu", "7403");
        Pod pod = stage.start(Pods.member("mtu", "e2e-mtu")).getFirst();
        Overlay.Link before = Overlays.of(pod).link("e2e-mtu");
        assertEquals(1450, before.mtu(), "the underlay's 1500 less what VXLAN over IPv4 takes");

        stage.define("e2e-mtu", "id=7403 mtu=1400");
        awaitLink(pod, "e2e-mtu", link -> link.mtu() == 1400);
        assertEquals(before.index(), Overlays.of(pod).link("e2e-mtu").index(), "the link is the same");
    }

    @Test
    void removedNetworkLeavesRunningPodsAndComesBackWithItsDefinition() {
        stage.define("e2e-gone", "7404");
        List<Pod> pods = stage.start(Pods.member("gone-a", "e2e-gone"), Pods.member("gone-b", "e2e-gone"));
        Networks.remove("e2e-gone");
        pods.forEach(pod -> Await.until(
                "the link is gone",
                () -> Overlays.of(pod).links().isEmpty()
                        ? Optional.empty()
                        : Optional.of("links " + Overlays.of(pod).links().keySet())));

        stage.define("e2e-gone", "7405");
        Overlays.awaitExact("e2e-gone", pods);
        assertEquals(0, Pods.restarts(stage.pod("gone-a"), Cluster.AGENT));
    }

    @Test
    void definitionThatCantBeReadLeavesItsNetworkAsItIs() {
        stage.define("e2e-broken", "id=7406 mtu=1400");
        List<Pod> pods = stage.start(Pods.member("broken-a", "e2e-broken"), Pods.member("broken-b", "e2e-broken"));
        Overlays.awaitExact("e2e-broken", pods);
        int index = Overlays.of(pods.getFirst()).link("e2e-broken").index();

        Webhook.withoutValidation(() -> Await.until("the edit gets in", () -> {
            stage.define("e2e-broken", "id=abc mtu=1300");
            return Optional.empty();
        }));
        String message = stage.event("broken-a", "NetworkUnavailable");
        assertTrue(message.contains("e2e-broken") && message.contains("found \"abc\""), message);
        Overlay.Link after = Overlays.of(pods.getFirst()).link("e2e-broken");
        assertEquals(List.of(index, 1400), List.of(after.index(), after.mtu()));
        Overlays.awaitExact("e2e-broken", pods);
    }

    @Test
    void malformedDefinitionAndRepeatedSegmentAreRefusedWhenEdited() {
        stage.define("e2e-first", "7407");
        String malformed = refusal("e2e-second", "id=7408 up=maybe");
        assertTrue(
                malformed.contains(
                        "ConfigMap entry e2e-second, line 1, column 12: found \"maybe\"," + " allowed: true or false"),
                malformed);
        String repeated = refusal("e2e-second", "7407");
        assertTrue(repeated.contains("an id that no other network has on UDP port"), repeated);
        assertFalse(Networks.all().containsKey("e2e-second"));
    }

    /** The API server takes a moment to notice that the validation is there again. */
    private static String refusal(String network, String definition) {
        AtomicReference<String> message = new AtomicReference<>("");
        Await.until("the edit is refused", () -> {
            try {
                stage.define(network, definition);
                Networks.remove(network);
                return Optional.of("it got in");
            } catch (KubernetesClientException refused) {
                message.set(String.valueOf(refused.getMessage()));
                return Optional.empty();
            }
        });
        return message.get();
    }

    private static void awaitLink(Pod pod, String name, Predicate<Overlay.Link> wanted) {
        Await.until("link %s of %s as edited".formatted(name, pod.getMetadata().getName()), () -> {
            Overlay.Link link = Overlays.of(pod).link(name);
            return wanted.test(link) ? Optional.empty() : Optional.of(link.toString());
        });
    }
}
