package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.StatusWrites;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Addresses of a network's subnet, each its pod's own. */
class AddressesIT {
    @RegisterExtension
    static final Stage stage = Stage.named("addresses");

    @Test
    void aPodThatReturnsUnderItsNameHasTheSameAddressesWhichPeersKnow() {
        String network = "e2e-addr-name";
        stage.define(network, "id=8411 subnet=10.91.1.0/24;fd91:1::/64 forwarding=static");
        StatusWrites writes = new StatusWrites(stage.namespace());
        stage.create(new StatefulSetBuilder(Workloads.statefulSet(Pods.member("db", network)))
                .editSpec()
                .withReplicas(2)
                .endSpec()
                .build());
        List<Pod> first = stage.ready(Workloads.OWNER, "db", 2);
        Map<String, Integer> counts = writes.counts();
        writes.close();
        for (Pod pod : first) {
            String name = pod.getMetadata().getName();
            assertEquals(2, counts.get(name), "writes on " + name + ": the claim, and what became of it");
        }
        List<String> before = given(first.getFirst(), network);
        assertEquals(2, before.size());
        assertTrue(before.getFirst().startsWith("10.91.1.") && before.getFirst().endsWith("/24"), before::toString);
        assertTrue(before.getLast().startsWith("fd91:1:") && before.getLast().endsWith("/64"), before::toString);
        assertEquals(before, statusIps(first.getFirst(), network));
        assertReaches(first.getLast(), network, before);

        stage.beginDeleting("db-0");
        Await.until(
                "db-0 is another pod",
                () -> stage.find("db-0")
                        .map(pod -> pod.getMetadata().getUid())
                        .filter(uid ->
                                !uid.equals(first.getFirst().getMetadata().getUid()))
                        .map(_ -> Optional.<String>empty())
                        .orElse(Optional.of("it is not")));
        Pod returned = stage.ready("db-0").getFirst();
        assertEquals(before, given(returned, network));
        assertReaches(first.getLast(), network, before);
    }

    @Test
    void aFullRangeIsToldAndWhoWaitsGetsTheAddressThatFreesOrComes() {
        String network = "e2e-addr-full";
        String definition = "id=8412 subnet=10.91.2.0/24 range=";
        stage.define(network, definition + "10.91.2.10-10.91.2.11");
        List<Pod> two = stage.start(Pods.member("one", network), Pods.member("two", network));
        assertEquals(Set.of("10.91.2.10/24", "10.91.2.11/24"), all(two, network));

        stage.create(Pods.member("third", network));
        assertEquals(
                "network " + network + ": all 2 usable addresses of 10.91.2.10-10.91.2.11 are taken",
                stage.event("third", "NetworkUnavailable"));
        stage.delete("one");
        Pod third = stage.ready("third").getFirst();
        assertEquals(Set.of("10.91.2.10/24", "10.91.2.11/24"), all(List.of(two.getLast(), third), network));

        stage.create(Pods.member("fourth", network));
        stage.event("fourth", "NetworkUnavailable");
        List<Overlay> before = Overlays.of(List.of(two.getLast(), third));
        stage.define(network, definition + "10.91.2.10-10.91.2.99");
        Pod fourth = stage.ready("fourth").getFirst();
        assertEquals(3, all(List.of(two.getLast(), third, fourth), network).size());
        List<Overlay> after = Overlays.of(List.of(two.getLast(), third));
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).link(network), after.get(i).link(network));
        }
    }

    @Test
    void anAddressChosenByHandIsOnePodsAlone() {
        String network = "e2e-addr-hand";
        stage.define(network, "id=8413 subnet=10.91.3.0/24 range=10.91.3.10-10.91.3.11");
        String chosen = network + " ip=10.91.3.10/24";
        List<Pod> pods = stage.start(Pods.member("chooses", chosen), Pods.member("takes", network));
        assertEquals(List.of("10.91.3.10/24"), given(pods.getFirst(), network));
        assertEquals(List.of("10.91.3.11/24"), given(pods.getLast(), network));

        stage.create(Pods.member("equal", chosen));
        assertEquals(
                "network " + network + ": ip=10.91.3.10 is an address of pod " + stage.namespace() + "/chooses",
                stage.event("equal", "NetworkUnavailable"));
        assertEquals(List.of(), given(stage.pod("equal"), network));

        stage.delete("chooses");
        assertEquals(List.of("10.91.3.10/24"), given(stage.ready("equal").getFirst(), network));
    }

    @Test
    void aClaimInAPodsManifestIsVoid() {
        String network = "e2e-addr-forged";
        stage.define(network, "id=8414 subnet=10.91.4.0/24");
        Pod victim = stage.start(Pods.member("victim", network)).getFirst();
        String claim =
                Objects.requireNonNull(victim.getMetadata().getAnnotations().get(Status.KEY));

        Pod forger = stage.start(Pods.annotated(Pods.member("forger", network), "status", claim))
                .getFirst();
        assertNotEquals(given(victim, network), given(forger, network));
        assertEquals(given(victim, network), statusIps(victim, network));
        assertEquals(given(forger, network), statusIps(forger, network));
    }

    @Test
    void aMovedSubnetReachesPodsThatRun() {
        String network = "e2e-addr-moved";
        stage.define(network, "id=8415 subnet=10.91.5.0/24");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("moves-1", network)), Pods.onNode(1, Pods.member("moves-2", network)));
        int index = Overlays.of(pods.getFirst()).link(network).index();

        stage.define(network, "id=8415 subnet=10.91.6.0/24");
        for (Pod pod : pods) {
            Await.until("an address of the new subnet alone", () -> {
                List<String> now = given(pod, network);
                return now.size() == 1 && now.getFirst().startsWith("10.91.6.")
                        ? Optional.empty()
                        : Optional.of(now.toString());
            });
            Status.awaitStates(pod, Map.of(network, "Ready"));
            assertEquals(
                    given(pod, network), statusIps(stage.pod(pod.getMetadata().getName()), network));
        }
        assertEquals(2, all(pods, network).size());
        assertEquals(index, Overlays.of(pods.getFirst()).link(network).index());
        assertReaches(pods.getFirst(), network, given(pods.getLast(), network));
    }

    private static void assertReaches(Pod from, String network, List<String> addresses) {
        for (String address : addresses) {
            String ip = address.substring(0, address.indexOf('/'));
            Overlays.ping(from, ip);
            String neighbours = Lab.inPod(from, "ip neigh show dev " + network);
            assertTrue(
                    neighbours.lines().noneMatch(line -> line.startsWith(ip + " ") && !line.contains("PERMANENT")),
                    neighbours);
        }
    }

    private static Set<String> all(List<Pod> pods, String network) {
        Set<String> all = new HashSet<>();
        pods.forEach(pod -> all.addAll(given(pod, network)));
        return all;
    }

    /** What its kernel has, with prefix length. */
    private static List<String> given(Pod pod, String network) {
        return Overlays.of(pod).link(network).given();
    }

    /** What its status tells, as the kernel would. */
    private static List<String> statusIps(Pod pod, String network) {
        Pod now = stage.pod(pod.getMetadata().getName());
        return Status.of(now).stream()
                .filter(told -> network.equals(told.get("name")))
                .flatMap(told -> ((List<?>) told.getOrDefault("ips", List.of())).stream())
                .map(ip -> ip + (ip.toString().contains(":") ? "/64" : "/24"))
                .sorted()
                .toList();
    }
}
