package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets frames into a segment: its members, and without the filter everybody. */
@Alone("has the controllers run without the peer filter for a while")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ParameterizedClass
@EnumSource(AgentKind.class)
class PeerFilterIT {
    private static final String NETWORK = "e2e-filter";
    private static final String FILTER = "vni8142-port14789-ipv4";
    /** The chain that has nothing to do with peers. */
    private static final String GUARD = "router-advertisements";

    private static final String TABLE = "nft -s list table inet kube-vxlan-controller";
    private static final String MEMBER = "10.84.2.1";
    private static final Pattern DROPPED = Pattern.compile("packets ([0-9]+)");

    @RegisterExtension
    static final Stage stage = Stage.named("filter");

    private static Pod member = new Pod();
    private static Pod peer = new Pod();
    private static Pod stranger = new Pod();
    private static Pod neighbour = new Pod();

    private final AgentKind agent;

    PeerFilterIT(AgentKind agent) {
        this.agent = agent;
    }

    @BeforeAll
    static void define() {
        stage.define(NETWORK, "8142");
        stage.define("e2e-filter-2", "8143");
        stage.define("e2e-filter-3", "8144");
    }

    @BeforeParameterizedClassInvocation
    static void setUp(AgentKind agent) {
        stage.setUp(PeerFilterIT.class, () -> startMembersAndStrangers(agent));
    }

    private static void startMembersAndStrangers(AgentKind agent) {
        List<Pod> pods = stage.start(
                Pods.onNode(0, agent.serve(Pods.member("member", NETWORK + " ip=" + MEMBER + "/24"))),
                Pods.onNode(1, agent.serve(Pods.member("peer", NETWORK + " ip=10.84.2.2/24"))),
                Pods.onNode(1, Pods.plain("stranger", "exec hold")),
                Pods.onNode(0, agent.serve(Pods.member("neighbour", "e2e-filter-2"))));
        member = pods.get(0);
        peer = pods.get(1);
        stranger = pods.get(2);
        neighbour = pods.get(3);
        List.of(member, peer).forEach(pod -> Status.awaitStates(pod, Map.of(NETWORK, "Ready")));
        Status.awaitStates(neighbour, Map.of("e2e-filter-2", "Ready"));
        intrude(stranger, "10.84.2.66");
        intrude(neighbour, "10.84.2.67");
    }

    @AfterParameterizedClassInvocation
    static void filterAgain() {
        Controller.setPeerFilter(true);
        stage.clear();
    }

    @Test
    @Order(1)
    void withTheFilterStrangersAndMembersOfOtherSegmentsGetNothingIn() {
        assertPassesAmongMembers();
        long before = dropped();
        assertFalse(isAnswered(stranger), "the stranger is not answered");
        long between = dropped();
        assertTrue(between > before, "what the stranger sent is counted");
        assertFalse(isAnswered(neighbour), "the other segment's member is not answered");
        assertTrue(dropped() > between, "what the other segment's member sent is counted");
        assertPassesAmongMembers();
    }

    @Test
    @Order(2)
    void theAppsOwnUdpOnThatPortPassesAndIsNotCounted() {
        long before = dropped();
        assertAppsUdpPasses();
        assertEquals(before, dropped());
    }

    @Test
    @Order(3)
    void foreignTablesStayAndOursGoesWithTheNetwork() {
        Pod leaving = stage.start(agent.serve(Pods.member("leaving", "e2e-filter-3, " + NETWORK)))
                .getFirst();
        Lab.inPod(leaving, "nft add table inet e2e-foreign");
        awaitFilters(leaving, List.of(GUARD, "vni8142-port14789-ipv4", "vni8144-port14789-ipv4"));

        stage.edit(
                "leaving",
                pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToAnnotations(Cluster.PREFIX + "/networks", "e2e-filter-3")
                        .endMetadata()
                        .build());
        awaitFilters(leaving, List.of(GUARD, "vni8144-port14789-ipv4"));
        stage.unlabel("leaving");
        awaitTables(leaving, "table inet e2e-foreign");
    }

    @Test
    @Order(4)
    void anAgentWithoutNftSetsTheNetworkUpAndAnEventTells() {
        Pod own = stage.start(new PodBuilder(
                                Pods.annotated(Pods.member("own", NETWORK + " ip=10.84.2.9/24"), "inject", "false"))
                        .editSpec()
                        .addNewContainer()
                        .withName(Cluster.AGENT)
                        .withImage("vxlan-lab-app:lab")
                        .withImagePullPolicy("IfNotPresent")
                        .withCommand("sh", "-c", "rm /sbin/nft; exec hold")
                        .withNewSecurityContext()
                        .withNewCapabilities()
                        .withAdd("NET_ADMIN")
                        .endCapabilities()
                        .endSecurityContext()
                        .endContainer()
                        .endSpec()
                        .build())
                .getFirst();
        assertTrue(stage.event("own", "PeerFilterMissing").contains("no nft"));
        Await.until("an answer from the peer", () -> {
            Shell.Ran ping = Shell.run(own, Pods.APP, "ping -c 1 -W 2 " + MEMBER);
            return ping.status() == 0 ? Optional.empty() : Optional.of(ping.out());
        });
        stage.delete("own");
    }

    @Test
    @Order(5)
    void withoutTheFilterTheyAllGetIn() {
        Controller.setPeerFilter(false);
        awaitFilters(member, List.of(GUARD));
        awaitAnswer(stranger);
        awaitAnswer(neighbour);
        assertAppsUdpPasses();
    }

    private static void assertPassesAmongMembers() {
        Overlays.ping(peer, MEMBER);
    }

    /** Both ways between a member and a pod that has nothing to do with it, from another port and to it. */
    private static void assertAppsUdpPasses() {
        Pod plain = stage.find("plain")
                .orElseGet(() -> stage.start(Pods.plain("plain", "exec hold")).getFirst());
        listen(plain, Pods.ip(plain));
        listen(member, "::1");
        assertEquals(
                "hello",
                Shell.inApp(member, "udp send " + Pods.ip(plain) + " 14789 hello")
                        .strip());
        assertEquals("hello", Shell.inApp(member, "udp send ::1 14789 hello").strip());
        Shell.inApp(plain, "kill $(cat /tmp/pid)");
        Shell.inApp(member, "kill $(cat /tmp/pid)");
    }

    private static void listen(Pod pod, String address) {
        Shell.inApp(pod, "udp listen %s 14789 >/tmp/udp 2>&1 & echo $! >/tmp/pid".formatted(address));
        Await.until("a UDP port is bound", () -> {
            Shell.inApp(pod, "grep -q bound /tmp/udp || { cat /tmp/udp; exit 1; }");
            return Optional.empty();
        });
    }

    /** Gives a pod a VXLAN link of its own making, which sends to the member with the right VNI and port. */
    private static void intrude(Pod pod, String address) {
        Lab.inPod(pod, """
            set -e
            /sbin/ip link add intruder type vxlan id 8142 dstport 14789 dev eth0 remote %s
            /sbin/ip address add %s/24 dev intruder
            /sbin/ip link set intruder up
            """.formatted(Pods.ip(member), address));
    }

    /** Whether the member answers an intruder. */
    private static boolean isAnswered(Pod pod) {
        return Shell.run(pod, Pods.APP, "ping -c 3 -W 1 " + MEMBER).status() == 0;
    }

    private static void awaitAnswer(Pod pod) {
        Await.until(
                pod.getMetadata().getName() + " is answered",
                () -> isAnswered(pod) ? Optional.empty() : Optional.of("it is not"));
    }

    private static long dropped() {
        Matcher packets = DROPPED.matcher(Lab.inPod(member, "nft list counter inet kube-vxlan-controller " + FILTER));
        assertTrue(packets.find());
        return Long.parseLong(packets.group(1));
    }

    private static List<String> filters(Pod pod) {
        return Pattern.compile("chain (\\S+) ")
                .matcher(Lab.inPod(pod, TABLE))
                .results()
                .map(chain -> chain.group(1))
                .sorted()
                .toList();
    }

    private static void awaitFilters(Pod pod, List<String> wanted) {
        Await.until("filters " + wanted, () -> {
            List<String> now = filters(pod);
            return now.equals(wanted) ? Optional.empty() : Optional.of(now.toString());
        });
    }

    private static void awaitTables(Pod pod, String wanted) {
        Await.until("the tables are '" + wanted + "'", () -> {
            String now = Lab.inPod(pod, "nft list tables").strip();
            return now.equals(wanted) ? Optional.empty() : Optional.of(now);
        });
    }
}
