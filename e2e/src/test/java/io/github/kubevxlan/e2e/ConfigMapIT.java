package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

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
        Overlays.ping(pods.getFirst(), "10.75.0.2");
        assertEquals("recreated e2e-vni: id 7400, wanted 7401", stage.event("vni-a", "LinkRecreated"));
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
    void networksAreAddedToAndTakenFromRunningPods() {
        stage.define("e2e-gone", "7404");
        List<Pod> pods = stage.start(IntStream.of(1, 2)
                .mapToObj(i ->
                        Pods.onNode(i, Pods.annotated(Pods.member("gone-" + i, goneAndAdded(i)), "wait", "false")))
                .toArray(Pod[]::new));
        declared(pods, i -> List.of(Net.of("e2e-gone", 7404, "10.75.2." + i + "/24")))
                .awaitExact();

        stage.define("e2e-added", "7405");
        declared(pods, i -> List.of(Net.of("e2e-gone", 7404, "10.75.2." + i + "/24"), added(i)))
                .awaitExact();

        Networks.remove("e2e-gone");
        declared(pods, i -> List.of(added(i))).awaitExact();

        stage.define("e2e-gone", "7409");
        declared(pods, i -> List.of(Net.of("e2e-gone", 7409, "10.75.2." + i + "/24"), added(i)))
                .awaitExact();
        assertEquals(0, Pods.restarts(stage.pod("gone-1"), Cluster.AGENT));
    }

    @Test
    @ResourceLock("the check of edits")
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

    private static String goneAndAdded(int i) {
        return "e2e-gone ip=10.75.2.%d/24, e2e-added ip=10.75.3.%d/24 route=10.75.4.0/24:10.75.3.9".formatted(i, i);
    }

    private static Net added(int i) {
        return Net.of("e2e-added", 7405, "10.75.3." + i + "/24").via("10.75.4.0/24 via 10.75.3.9");
    }

    /** What the pods are in, told by their numbers, which start at 1. */
    private static Declared declared(List<Pod> pods, IntFunction<List<Net>> nets) {
        return new Declared(IntStream.rangeClosed(1, pods.size())
                .mapToObj(i -> new Declared.Member(pods.get(i - 1), nets.apply(i)))
                .toList());
    }

    private static void awaitLink(Pod pod, String name, Predicate<Overlay.Link> wanted) {
        Await.until("link %s of %s as edited".formatted(name, pod.getMetadata().getName()), () -> {
            Overlay.Link link = Overlays.of(pod).link(name);
            return wanted.test(link) ? Optional.empty() : Optional.of(link.toString());
        });
    }
}
