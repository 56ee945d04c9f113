package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a pod counts as ready: its peers can send to it. */
class ReadinessIT {
    private static final String NETWORK = "e2e-ready";
    private static final String SET_TERM = "/sbin/ip link set dev lo alias 'complete %d'";

    @RegisterExtension
    static final Stage stage = Stage.named("ready");

    @Test
    void aReadyPodIsInItsPeersTables() {
        stage.define(NETWORK, "7910");
        List<Pod> peers = stage.start(
                Pods.onNode(0, Pods.member("peer-1", NETWORK)), Pods.onNode(1, Pods.member("peer-2", NETWORK)));

        Pod late = stage.start(Pods.onNode(0, Pods.member("late", NETWORK))).getFirst();

        for (Pod peer : peers) {
            List<String> floods = Overlays.of(peer).floods(NETWORK);
            assertTrue(floods.contains(Pods.ip(late)), () -> Pods.ip(late) + " is not in " + floods);
        }
        assertEquals(List.of(Status.READY), gates(late));
    }

    @Test
    void aPeerThatCantBeToldHoldsNobodyBackAndStaysReady() {
        stage.define(NETWORK + "-2", "7911");
        Pod peer = stage.start(Pods.member("fenced", NETWORK + "-2")).getFirst();
        String since = Status.ready(peer);
        Lab.inPod(peer, SET_TERM.formatted(Long.MAX_VALUE));

        Pod late = stage.start(Pods.member("newcomer", NETWORK + "-2")).getFirst();

        assertTrue(Status.ready(late).startsWith("True"));
        assertEquals(List.of(), Overlays.of(peer).floods(NETWORK + "-2"), "the peer was not told");
        assertEquals(since, Status.ready(stage.pod("fenced")));
        Lab.inPod(peer, SET_TERM.formatted(1L));
        Overlays.awaitExact(NETWORK + "-2", List.of(peer, late));
    }

    @Test
    void aPodWhoseOwnLinkIsLostIsNotReadyUntilItIsBack() {
        stage.define(NETWORK + "-3", "7912");
        Pod pod = stage.start(Pods.member("robbed", NETWORK + "-3")).getFirst();
        Lab.inPod(pod, "/sbin/ip link del e2e-ready-3 && /sbin/ip link add e2e-ready-3 type bridge");
        stage.define(NETWORK + "-3", "id=7912 mtu=1300");

        Status.awaitReady(pod, false);
        stage.awaitEvent("robbed", "NetworkUnavailable", "already exists and is not the controller's");
        Status.awaitStates(pod, Map.of(NETWORK + "-3", "Unavailable"));

        Lab.inPod(pod, "/sbin/ip link del e2e-ready-3");
        stage.define(NETWORK + "-3", "id=7912 mtu=1310");
        Status.awaitReady(pod, true);
        stage.ready("robbed");
    }

    @Test
    void aPodCanDoWithoutTheGate() {
        stage.define(NETWORK + "-4", "7913");
        Pod pod = stage.start(Pods.annotated(Pods.member("gateless", NETWORK + "-4"), "gate", "false"))
                .getFirst();

        assertEquals(List.of(), gates(pod));
        Status.awaitReady(pod, true);
    }

    private static List<String> gates(Pod pod) {
        return pod.getSpec().getReadinessGates().stream()
                .map(PodReadinessGate::getConditionType)
                .toList();
    }
}
