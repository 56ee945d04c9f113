package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.simulation.Truth.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member on which the API server takes no status, when it is to have an address that it has not claimed yet. */
class UnwrittenClaimTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedPod full = join("full");
    private final SimulatedPod peer = join("peer");

    private SimulatedController controller;

    @BeforeEach
    void start() {
        cluster.define(Map.of("vx0", "100", "vx1", "101"));
        lead(1, "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itFollowsItsPeersAllTheSame(boolean underANewLeader) {
        controller.statuses.full = "full";
        cluster.define(Map.of("vx1", "id=101 subnet=10.1.0.0/24"));
        settle();
        if (underANewLeader) {
            lead(2, "full");
        }

        SimulatedPod late = join("late");
        cluster.delete(peer);
        settle();

        assertEquals(full.kernel.floods("vx0"), Set.of(late.primary()));
    }

    @Test
    void aLinkThatIsKnownFollowsThemTooInTheNetworkOfTheClaim() {
        controller.statuses.full = "full";
        cluster.define(Map.of("vx1", "id=101 subnet=10.1.0.0/24"));
        settle();

        SimulatedPod late = join("late");
        cluster.delete(peer);
        settle();

        assertEquals(full.kernel.floods("vx1"), Set.of(late.primary()));
    }

    @Test
    void itGetsTheAddressOnceThatIsWritten() {
        controller.statuses.full = "full";
        cluster.define(Map.of("vx1", "id=101 subnet=10.1.0.0/24"));
        settle();
        join("late");
        settle();
        assertEquals(Set.of(), full.kernel.addresses("vx1"));

        controller.statuses.full = "";
        cluster.annotate("a", Map.of());
        join("later");
        settle();

        assertFalse(full.kernel.addresses("vx1").isEmpty());
        assertEquals(List.of(), Truth.faults(cluster, Extent.EVERYTHING, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void driftIsRepairedInItAllTheSame(boolean underANewLeader) {
        controller.statuses.full = "full";
        cluster.define(Map.of("vx1", "id=101 subnet=10.1.0.0/24"));
        settle();
        settle();
        if (underANewLeader) {
            lead(2, "full");
            settle();
            settle();
        }
        full.kernel.hand(new NetOp.DelEntry(new IfName("vx0"), new Entry.Flood(peer.primary())));

        controller.pass(SimulatedController.RESYNC);
        settle();

        assertEquals(Set.of(peer.primary()), full.kernel.floods("vx0"));
    }

    private void lead(long epoch, String unwritable) {
        controller = new SimulatedController(
                cluster, new Random(1), made -> new SimulatedAgents(cluster, new Random(1), made::epoch, () -> {}));
        controller.statuses.full = unwritable;
        controller.lead(epoch);
        settle();
    }

    private void settle() {
        for (int second = 0; second < 3; second++) {
            controller.watch.deliverAll();
            controller.pass(Duration.ofSeconds(1));
        }
    }

    private SimulatedPod join(String name) {
        SimulatedPod pod = cluster.create("a", name, Map.of(SimulatedCluster.KEYS.names(), "vx0, vx1"));
        pod.startAgent();
        cluster.changed(pod);
        return pod;
    }
}
