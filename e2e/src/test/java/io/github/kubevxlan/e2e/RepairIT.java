package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed by hand in a pod's kernel, which no event tells of. */
@Isolated("has the controllers check for drift often")
class RepairIT {
    private static final String NETWORK = "e2e-repair";

    @RegisterExtension
    static final Stage stage = Stage.named("repair");

    private static List<Pod> pods = List.of();
    private static Declared declared = Declared.nothing();

    @BeforeAll
    static void startMembers() {
        Controller.setResync("4s");
        stage.define(NETWORK, "8130");
        pods = stage.start(
                Pods.onNode(0, Pods.member("hand", NETWORK + " ip=10.81.4.1/24 route=10.81.5.0/24:10.81.4.2")),
                Pods.onNode(1, Pods.member("peer", NETWORK + " ip=10.81.4.2/24")));
        declared = declared.and(
                        pods.get(0), Net.of(NETWORK, 8130, "10.81.4.1/24").via("10.81.5.0/24 via 10.81.4.2"))
                .and(pods.get(1), Net.of(NETWORK, 8130, "10.81.4.2/24"));
    }

    @AfterAll
    static void checkSeldomAgain() {
        Controller.setResync("5m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bridge fdb del 00:00:00:00:00:00 dev e2e-repair dst PEER",
                "bridge fdb append 00:00:00:00:00:00 dev e2e-repair dst 192.0.2.1",
                "ip address del 10.81.4.1/24 dev e2e-repair",
                "ip route del 10.81.5.0/24",
                "ip link set dev e2e-repair down",
                "ip link set dev e2e-repair mtu 1300",
                "ip link del dev e2e-repair"
            })
    void whatIsChangedByHandIsPutRight(String change) {
        declared.awaitExact();
        Shell.inAgent(pods.getFirst(), "/sbin/" + change.replace("PEER", Pods.ip(pods.get(1))));
        assertTrue(declared.inexact().isPresent(), "the change is there");
        declared.awaitExact();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete table inet kube-vxlan-controller",
                "flush chain inet kube-vxlan-controller vni8130-port8472-ipv4",
                "delete element inet kube-vxlan-controller vni8130-port8472-ipv4 { PEER }",
                "add element inet kube-vxlan-controller vni8130-port8472-ipv4 { 192.0.2.1 }",
                "add rule inet kube-vxlan-controller vni8130-port8472-ipv4 accept"
            })
    void whatIsChangedByHandInAFilterIsPutRight(String change) {
        String list = "nft -s list table inet kube-vxlan-controller";
        Pod hand = pods.getFirst();
        String right = Shell.inAgent(hand, list);
        String nft = "nft '" + change.replace("PEER", Pods.ip(pods.get(1))) + "'; ";
        assertNotEquals(right, Shell.run(hand, Cluster.AGENT, nft + list).out());
        Await.until("the filter is right again", () -> {
            String now = Shell.run(hand, Cluster.AGENT, list).out();
            return now.equals(right) ? Optional.empty() : Optional.of(now);
        });
    }

    @Test
    void aForeignDeviceInTheWayIsToldAndStaysAndTheNetworkComesWhenItIsGone() {
        stage.create(Pods.member("blocked", "e2e-blocked"));
        stage.awaitAgent("blocked");
        Pod pod = stage.pod("blocked");
        Shell.inAgent(pod, "/sbin/ip link add e2e-blocked type bridge");
        String foreign = Shell.inAgent(pod, "/sbin/ip -d link show e2e-blocked");

        stage.define("e2e-blocked", "8131");
        Await.until("an Event tells of the device", () -> {
            List<String> said = stage.events("blocked", "NetworkUnavailable");
            return said.stream().anyMatch(words -> words.contains("a device e2e-blocked is there already"))
                    ? Optional.empty()
                    : Optional.of(said.toString());
        });
        assertEquals(foreign, Shell.inAgent(pod, "/sbin/ip -d link show e2e-blocked"));
        assertFalse(Pods.isRunning(stage.pod("blocked"), Pods.APP), "the app waits");

        Shell.inAgent(pod, "/sbin/ip link del e2e-blocked");
        Declared.nothing()
                .and(stage.ready("blocked").getFirst(), Net.of("e2e-blocked", 8131))
                .awaitExact();
    }
}
