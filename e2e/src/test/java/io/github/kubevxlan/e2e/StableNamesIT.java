package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A name keeps its MAC and its address. */
class StableNamesIT {
    private static final String TAKEN = "72:78:00:00:00:01";

    @RegisterExtension
    static final Stage stage = Stage.named("stable");

    @Test
    void aPodThatReturnsOnAnotherNodeHasItsMacAndAddressAndItsPeersPingGoesOn() {
        String network = "e2e-stable-keep";
        stage.define(network, "id=8431 subnet=10.92.1.0/24 range=10.92.1.10-10.92.1.12 keep=1h");
        List<Pod> pods =
                stage.start(Pods.onNode(0, Pods.member("peer", network)), Pods.onNode(0, Pods.member("db", network)));
        Pod peer = pods.getFirst();
        Pod before = pods.getLast();
        Overlay.Link had = Overlays.of(before).link(network);
        String ip = ip(before, network);
        assertEquals(Pods.mac(before, network, 8431), had.mac());

        Ping ping = Ping.begin(peer, ip);
        stage.delete("db");
        stage.start(Pods.member("takes-the-third", network));
        stage.create(Pods.member("waits", network));
        assertEquals(
                "network " + network
                        + ": all 3 usable addresses of 10.92.1.10-10.92.1.12 are taken or held for pods that are away",
                stage.event("waits", "NetworkUnavailable"));
        Pod after = stage.start(Pods.onNode(1, Pods.member("db", network))).getFirst();

        assertNotEquals(before.getSpec().getNodeName(), after.getSpec().getNodeName());
        assertEquals(had.mac(), Overlays.of(after).link(network).mac());
        assertEquals(had.given(), Overlays.of(after).link(network).given());
        ping.end();
        assertKnows(peer, network, after);
    }

    @Test
    void aStatefulSetsPodHasItsMacAndItsAddressAgainThoughOthersWait() {
        String network = "e2e-stable-set";
        stage.define(network, "id=8432 subnet=10.92.2.0/24 range=10.92.2.10-10.92.2.11");
        stage.create(new StatefulSetBuilder(Workloads.statefulSet(Pods.member("set", network)))
                .editSpec()
                .withReplicas(2)
                .endSpec()
                .build());
        List<Pod> pods = stage.ready(Workloads.OWNER, "set", 2);
        Overlay.Link had = Overlays.of(pods.getFirst()).link(network);
        assertEquals(Pods.mac(pods.getFirst(), network, 8432), had.mac());
        stage.create(Pods.member("set-waits", network));
        stage.event("set-waits", "NetworkUnavailable");

        stage.beginDeleting("set-0");
        Await.until(
                "set-0 is another pod",
                () -> stage.find("set-0")
                        .map(pod -> pod.getMetadata().getUid())
                        .filter(uid -> !uid.equals(pods.getFirst().getMetadata().getUid()))
                        .map(_ -> Optional.<String>empty())
                        .orElse(Optional.of("it is not")));
        Pod returned = stage.ready("set-0").getFirst();

        assertEquals(had.mac(), Overlays.of(returned).link(network).mac());
        assertEquals(had.given(), Overlays.of(returned).link(network).given());
        assertKnows(pods.getLast(), network, returned);
    }

    @Test
    void aChosenMacIsOnePodsAloneAndTheNextOneHasItWhenItIsFree() {
        String network = "e2e-stable-mac";
        stage.define(network, "id=8433 subnet=10.92.3.0/24 mac=named:02:00:00:00:00:02");
        List<Pod> pods = stage.start(
                Pods.member("chooses", network + " mac=" + TAKEN),
                Pods.member("named", network),
                Pods.member("mac-peer", network));
        assertEquals(TAKEN, Overlays.of(pods.get(0)).link(network).mac());
        assertEquals("02:00:00:00:00:02", Overlays.of(pods.get(1)).link(network).mac());
        assertKnows(pods.get(2), network, pods.get(0));
        Overlays.ping(pods.get(2), ip(pods.get(1), network));
        Overlays.ping(pods.get(1), ip(pods.get(0), network));

        stage.create(Pods.member("equal", network + " mac=" + TAKEN));
        assertEquals(
                "network " + network + ": mac=" + TAKEN + " is the MAC of pod " + stage.namespace() + "/chooses",
                stage.event("equal", "NetworkUnavailable"));
        Pod equal = stage.pod("equal");
        assertEquals(
                Pods.mac(equal, network, 8433), Overlays.of(equal).link(network).mac());
        Status.awaitStates(equal, Map.of(network, "Degraded"));

        stage.delete("chooses");
        assertEquals(
                TAKEN,
                Overlays.of(stage.ready("equal").getFirst()).link(network).mac());
        assertKnows(pods.get(2), network, equal);
    }

    @Test
    void aReservedAddressIsForItsNameAlone() {
        String network = "e2e-stable-res";
        stage.define(
                network,
                "id=8434 subnet=10.92.4.0/24 range=10.92.4.10-10.92.4.11 reserve=late:10.92.4.10;" + stage.namespace()
                        + "/outside:10.92.4.99");
        Pod other = stage.start(Pods.member("other", network)).getFirst();
        assertEquals("10.92.4.11", ip(other, network));
        stage.create(Pods.member("asks", network + " ip=10.92.4.10/24"));
        assertEquals(
                "network " + network + ": ip=10.92.4.10 is reserved for pod late",
                stage.event("asks", "NetworkUnavailable"));

        List<Pod> pods = stage.start(Pods.member("late", network), Pods.member("outside", network));
        assertEquals("10.92.4.10", ip(pods.getFirst(), network));
        assertEquals("10.92.4.99", ip(pods.getLast(), network));
    }

    private static String ip(Pod pod, String network) {
        return Overlays.of(pod).link(network).ipv4().getFirst().replaceAll("/.*", "");
    }

    /** Its neighbour and its forwarding entry for the other are those of where that is now. */
    private static void assertKnows(Pod pod, String network, Pod other) {
        String mac = Overlays.of(other).link(network).mac();
        String neighbour = ip(other, network) + " lladdr " + mac + " PERMANENT";
        String forwarding = mac + " dst " + Pods.ip(other) + " self permanent";
        Await.until("entries for " + mac, () -> {
            String seen = Lab.inPod(pod, "ip neigh show dev " + network + "; bridge fdb show dev " + network);
            return seen.lines().anyMatch(line -> line.startsWith(neighbour))
                            && seen.lines().filter(line -> line.startsWith(mac)).allMatch(forwarding::equals)
                    ? Optional.empty()
                    : Optional.of(seen);
        });
        Overlays.ping(pod, ip(other, network));
    }
}
