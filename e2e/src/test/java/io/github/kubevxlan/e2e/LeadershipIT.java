package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("kills the controller that leads")
class LeadershipIT {
    private static final String NETWORK = "e2e-leader";
    private static final String SET_TERM = "/sbin/ip link set dev lo alias 'complete %d'";

    @RegisterExtension
    static final Stage stage = Stage.named("leader");

    @AfterEach
    void awaitControllers() {
        Controller.awaitReady();
    }

    @Test
    void anotherTakesOverWhenTheLeaderIsKilledWhilePodsJoin() {
        stage.define(NETWORK, "7700");
        List<Pod> first = stage.start(
                Pods.onNode(0, Pods.member("first-1", NETWORK)), Pods.onNode(1, Pods.member("first-2", NETWORK)));
        Overlays.awaitExact(NETWORK, first);
        List<Integer> indexes = indexes(first);

        String killed = Controller.killLeader();
        List<Pod> joined = stage.start(
                Pods.onNode(0, Pods.member("joins-1", NETWORK)), Pods.onNode(1, Pods.member("joins-2", NETWORK)));

        Overlays.awaitExact(NETWORK, List.of(first.get(0), first.get(1), joined.get(0), joined.get(1)));
        assertNotEquals(killed, Controller.leader());
        assertEquals(indexes, indexes(first), "the interfaces of those that were there");
    }

    @Test
    void anAgentRefusesALeaderWhoseTermIsOver() {
        stage.define(NETWORK + "-2", "7701");
        Pod member = stage.start(Pods.onNode(0, Pods.member("guarded", NETWORK + "-2")))
                .getFirst();
        Shell.inAgent(member, SET_TERM.formatted(Long.MAX_VALUE));

        Pod peer =
                stage.start(Pods.onNode(1, Pods.member("peer", NETWORK + "-2"))).getFirst();

        assertTrue(stage.event("guarded", "AgentFailed").contains("another controller leads"));
        assertEquals(List.of(), Overlays.of(member).floods(NETWORK + "-2"));

        Shell.inAgent(member, SET_TERM.formatted(1L));
        Overlays.awaitExact(NETWORK + "-2", List.of(member, peer));
    }

    private static List<Integer> indexes(List<Pod> pods) {
        return Overlays.of(pods).stream()
                .map(overlay -> overlay.link(NETWORK))
                .map(Overlay.Link::index)
                .toList();
    }
}
