package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CacheSyncBarrierTest {
    private static final String NETWORK = "narrow";
    private static final IpAddr ONLY = IpAddr.parse("10.67.0.5");

    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedController leader = controller();
    private final SimulatedController standby = controller();

    /** By name the other comes first: who looks only at what its watch has shown gives the address to that one. */
    @Test
    void aNewLeaderGivesNobodyWhatItsPredecessorHasJustPromised() {
        cluster.define(Map.of(NETWORK, "id=700 subnet=10.67.0.0/24 range=10.67.0.5-10.67.0.5"));
        leader.lead(1);
        settle(leader);
        SimulatedPod promised = create("z-promised");
        SimulatedPod waiting = create("a-waiting");
        standby.watch.deliverAll();
        settle(leader);
        assertEquals(List.of(ONLY), ips(promised));

        cluster.remove(leader.watch);
        standby.lead(2);
        standby.pass(Duration.ofSeconds(5));

        assertEquals(List.of(ONLY), ips(promised));
        assertEquals(List.of(), ips(waiting));
        settle(standby);
        assertEquals(List.of(), cluster.subnets.clashes());
        assertEquals(List.of(ONLY), ips(promised));
    }

    private SimulatedPod create(String name) {
        SimulatedPod pod = cluster.create("ns", name, Map.of(SimulatedCluster.KEYS.names(), NETWORK));
        pod.startAgent();
        cluster.changed(pod);
        return pod;
    }

    private static void settle(SimulatedController controller) {
        for (int i = 0; i < 5; i++) {
            controller.watch.deliverAll();
            controller.pass(Duration.ofSeconds(1));
        }
    }

    private static List<IpAddr> ips(SimulatedPod pod) {
        return pod.status.stream().map(NetworkStatus::ips).flatMap(List::stream).toList();
    }

    private SimulatedController controller() {
        Random random = new Random(1);
        return new SimulatedController(
                cluster, random, made -> new SimulatedAgents(cluster, random, made::epoch, () -> {}));
    }
}
