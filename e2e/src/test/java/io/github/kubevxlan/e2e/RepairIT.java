package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed by hand in a pod's kernel, which no event tells of. */
@Alone("has the controllers check for drift often")
@ParameterizedClass
@EnumSource(AgentKind.class)
class RepairIT {
    private static final String NETWORK = "e2e-repair";
    private static final String BLOCKED = "e2e-blocked";

    @RegisterExtension
    static final Stage stage = Stage.named("repair");

    private static List<Pod> pods = List.of();
    private static Declared declared = Declared.nothing();

    private final AgentKind agent;

    RepairIT(AgentKind agent) {
        this.agent = agent;
    }

    @BeforeAll
    static void checkOften() {
        Controller.setResync("1s");
        stage.define(NETWORK, "8130");
    }

    @BeforeParameterizedClassInvocation
    static void setUp(AgentKind agent) {
        stage.setUp(RepairIT.class, () -> startMembers(agent));
    }

    private static void startMembers(AgentKind agent) {
        pods = stage.start(
                Pods.onNode(
                        0, agent.serve(Pods.member("hand", NETWORK + " ip=10.81.4.1/24 route=10.81.5.0/24:10.81.4.2"))),
                Pods.onNode(1, agent.serve(Pods.member("peer", NETWORK + " ip=10.81.4.2/24"))));
        declared = Declared.nothing()
                .and(pods.get(0), Net.of(NETWORK, 8130, "10.81.4.1/24").via("10.81.5.0/24 via 10.81.4.2"))
                .and(pods.get(1), Net.of(NETWORK, 8130, "10.81.4.2/24"));
    }

    @AfterParameterizedClassInvocation
    static void endMembers() {
        stage.clear();
        Networks.remove(BLOCKED);
    }

    @AfterAll
    static void checkSeldomAgain() {
        Controller.setResync("5m");
    }

    /** The MAC 72:78:00:00:00:01 is nobody's, and looks as those that the controller chooses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sbin/bridge fdb del 00:00:00:00:00:00 dev e2e-repair dst PEER",
                "/sbin/bridge fdb append 00:00:00:00:00:00 dev e2e-repair dst 192.0.2.1",
                "/sbin/bridge fdb del MAC dev e2e-repair",
                "/sbin/bridge fdb replace MAC dev e2e-repair dst 192.0.2.1",
                "/sbin/bridge fdb replace 72:78:00:00:00:01 dev e2e-repair dst PEER",
                "/sbin/ip neigh del 10.81.4.2 dev e2e-repair",
                "/sbin/ip neigh replace 10.81.4.2 lladdr 02:00:00:00:00:01 dev e2e-repair nud permanent",
                "/sbin/ip neigh replace 10.81.4.66 lladdr MAC dev e2e-repair nud permanent",
                "/sbin/ip address del 10.81.4.1/24 dev e2e-repair",
                "/sbin/ip route del 10.81.5.0/24",
                "/sbin/ip link set dev e2e-repair down",
                "/sbin/ip link set dev e2e-repair mtu 1300",
                "/sbin/ip link set dev e2e-repair address 02:00:00:00:00:01",
                "/sbin/ip link del dev e2e-repair",
                "nft delete table inet kube-vxlan-controller",
                "nft flush chain inet kube-vxlan-controller FILTER",
                "nft delete element inet kube-vxlan-controller FILTER '{ PEER }'",
                "nft add element inet kube-vxlan-controller FILTER '{ 192.0.2.1 }'",
                "nft add rule inet kube-vxlan-controller FILTER accept"
            })
    void whatIsChangedByHandIsPutRight(String change) {
        declared.awaitExact();
        Optional<String> changed = declared.inexactAfter(pods.getFirst(), of(change));
        assertTrue(changed.isPresent(), "the change is there");
        declared.awaitExact();
    }

    /** What is put back beside them shows that they were seen. */
    @Test
    void whatIsSomebodyElsesStays() {
        Pod hand = pods.getFirst();
        declared.awaitExact();
        Lab.inPod(hand, """
            set -e
            /sbin/bridge fdb append 02:00:00:00:00:01 dev e2e-repair dst 192.0.2.1
            /sbin/ip neigh replace 10.81.4.77 lladdr 02:00:00:00:00:01 dev e2e-repair nud permanent
            nft add table inet e2e-foreign
            nft 'add set inet e2e-foreign peers { type ipv4_addr; elements = { 192.0.2.1 }; }'
            """);
        String foreign = declared.inexact().orElseThrow();

        Optional<String> changed = declared.inexactAfter(
                hand,
                of("/sbin/bridge fdb del MAC dev e2e-repair && /sbin/ip neigh del 10.81.4.2 dev e2e-repair"
                        + " && nft delete element inet kube-vxlan-controller FILTER '{ PEER }'"));
        assertNotEquals(Optional.of(foreign), changed, "the change is there");
        Await.until(
                "nothing is amiss but what is somebody else's",
                () -> Optional.of(declared.inexact().orElse("nothing is")).filter(now -> !now.equals(foreign)));

        Lab.inPod(hand, """
            set -e
            /sbin/bridge fdb del 02:00:00:00:00:01 dev e2e-repair
            /sbin/ip neigh del 10.81.4.77 dev e2e-repair
            nft delete table inet e2e-foreign
            """);
        declared.awaitExact();
    }

    @Test
    void aForeignDeviceInTheWayIsToldAndStaysAndTheNetworkComesWhenItIsGone() {
        stage.create(agent.serve(Pods.member("blocked", BLOCKED)));
        stage.awaitAgent("blocked");
        Pod pod = stage.pod("blocked");
        Lab.inPod(pod, "/sbin/ip link add e2e-blocked type bridge");
        String device = Lab.inPod(pod, "/sbin/ip -d link show e2e-blocked");

        Net net = Net.of(BLOCKED, 8131);
        stage.define(BLOCKED, "8131");
        Pod peer = stage.start(Pods.onNode(1, agent.serve(Pods.member("blocked-peer", BLOCKED))))
                .getFirst();
        Await.until("an Event tells of the device", () -> {
            List<String> said = stage.events("blocked", "NetworkUnavailable");
            return said.stream().anyMatch(words -> words.contains("a device e2e-blocked already exists"))
                    ? Optional.empty()
                    : Optional.of(said.toString());
        });
        assertEquals(device, Lab.inPod(pod, "/sbin/ip -d link show e2e-blocked"));
        assertEquals(agent == AgentKind.SHELL, Pods.isRunning(stage.pod("blocked"), Pods.APP), "the app waits");
        Declared.all(List.of(pod, peer), net).awaitExactIn(List.of(peer));
        Declared.nothing().and(pod).awaitExact();

        Lab.inPod(pod, "/sbin/ip link del e2e-blocked");
        Declared.all(List.of(stage.ready("blocked").getFirst(), peer), net).awaitExact();
    }

    private static String of(String change) {
        return change.replace("PEER", Pods.ip(pods.get(1)))
                .replace("MAC", Pods.mac(pods.get(1), NETWORK, 8130))
                .replace("FILTER", "vni8130-port14789-ipv4");
    }
}
