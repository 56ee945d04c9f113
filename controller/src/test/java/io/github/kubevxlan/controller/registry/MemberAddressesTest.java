package io.github.kubevxlan.controller.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.status.StatusPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of the members of a network with a subnet. */
class MemberAddressesTest {
    private static final Keys KEYS = new Keys(Nets.PREFIX);
    private static final String TWO = "id=100 subnet=10.9.0.0/24 range=10.9.0.8-10.9.0.9";

    private final Members members = new Members(KEYS, definitions(TWO), 100, true);

    @Test
    void anAddressIsClaimedBeforeItIsGiven() {
        members.giveAddresses();
        members.put(pod("a", 1, "vx0"));

        Target before = target("a");
        assertFalse(before.isClaimed());
        assertTrue(before.desired().complete());
        List<NetworkStatus> claim = StatusPlan.claimed(before.desired(), before.claims(), List.of());
        assertEquals(State.CLAIMED, claim.getFirst().state());
        assertEquals(addresses("a"), claim.getFirst().ips());

        members.put(observedStatus(pod("a", 1, "vx0"), claim));
        assertTrue(target("a").isClaimed());
        assertEquals(before.desired(), target("a").desired());
    }

    @Test
    void peersAreToldOfIt() {
        members.giveAddresses();
        members.put(pod("a", 1, "vx0"));
        members.put(pod("b", 2, "vx0"));

        Set<IpAddr> told = new HashSet<>();
        for (Entry entry : target("a").desired().links().getFirst().peers().all()) {
            if (entry instanceof Entry.Neighbour neighbour) {
                told.add(neighbour.ip());
            }
        }
        assertEquals(Set.of(addresses("a").getFirst(), addresses("b").getFirst()), told);
    }

    @Test
    void whoGetsNoneIsToldWhyAndGetsTheFirstThatFrees() {
        members.giveAddresses();
        members.put(pod("a", 1, "vx0"));
        members.put(pod("b", 2, "vx0"));
        members.put(pod("late", 3, "vx0"));

        assertTrue(target("late").isClaimed());
        assertFalse(target("late").desired().complete());
        assertEquals(
                "network vx0: all 2 usable addresses of 10.9.0.8-10.9.0.9 are taken",
                target("late").desired().missing().getFirst().sentence());

        List<IpAddr> freed = addresses("a");
        assertEquals(Set.of("b", "late"), members.remove("a"));
        assertEquals(freed, addresses("late"));
        assertTrue(target("late").desired().complete());
    }

    @Test
    void aRouteThatNoAddressLeadsToWaitsForOne() {
        String routed = TWO + " route=10.77.0.0/24:10.9.0.1";
        members.define(definitions(routed));
        members.giveAddresses();
        members.put(pod("a", 1, "vx0"));
        members.put(pod("b", 2, "vx0"));
        members.put(pod("late", 3, "vx0"));

        assertEquals(
                1, target("a").desired().links().getFirst().network().routes().size());
        assertEquals(
                List.of(), target("late").desired().links().getFirst().network().routes());
    }

    @Test
    void whatIsWrittenOnAPodIsKeptWhileItsNetworkCantBeRead() {
        members.giveAddresses();
        members.put(pod("a", 1, "vx0"));
        List<IpAddr> before = addresses("a");
        Target first = target("a");
        members.put(observedStatus(pod("a", 1, "vx0"), StatusPlan.claimed(first.desired(), first.claims(), List.of())));

        members.define(definitions("id=?"));
        assertTrue(target("a").isClaimed());
        assertEquals(Map.of("vx0", before), target("a").claims().ips());
        members.put(pod("b", 2, "vx0"));

        members.define(definitions(TWO));
        assertEquals(before, addresses("a"));
        assertEquals(1, addresses("b").size());
    }

    @Test
    void whatIsWrittenOnASecondPodIsItsOwnAfterAnEditToo() {
        members.put(pod("new", 1, "vx0"));
        members.put(observedStatus(pod("old", 2, "vx0"), List.of(claim("10.9.0.8"))));
        members.put(observedStatus(pod("older", 3, "vx0"), List.of(claim("10.9.0.9"))));
        members.giveAddresses();
        members.define(definitions(TWO + " mtu=1400"));

        assertEquals(List.of(IpAddr.parse("10.9.0.8")), addresses("old"));
        assertEquals(List.of(IpAddr.parse("10.9.0.9")), addresses("older"));
        assertEquals(List.of(), addresses("new"));
    }

    @Test
    void aChosenAddressIsClaimedBeforeItIsGivenWherePortSecurityIsOn() {
        members.define(definitions("id=100 security=on"));
        members.giveAddresses();
        members.put(pod("a", 1, "vx0 ip=10.9.0.8/24"));
        members.put(pod("b", 2, "vx0 ip=10.9.0.8/24"));

        assertFalse(target("a").isClaimed());
        assertEquals(List.of(IpAddr.parse("10.9.0.8")), target("a").claims().of("vx0"));
        assertEquals(List.of(), addresses("b"));
        assertFalse(target("b").desired().complete());

        assertEquals(Set.of("b"), members.remove("a"));
        assertEquals(List.of(IpAddr.parse("10.9.0.8")), addresses("b"));
        assertTrue(target("b").desired().complete());
    }

    @Test
    void portSecurityThatIsSwitchedOnLeavesAnAddressToOnePodAndOffToBoth() {
        members.define(definitions("id=100"));
        members.giveAddresses();
        members.put(observedStatus(pod("a", 1, "vx0 ip=10.9.0.8/24"), List.of(claim("10.9.0.8"))));
        members.put(observedStatus(pod("b", 2, "vx0 ip=10.9.0.8/24"), List.of(claim("10.9.0.8"))));
        assertEquals(addresses("a"), addresses("b"));

        assertEquals(Set.of("a", "b"), members.define(definitions("id=100 security=log")));
        assertEquals(List.of(IpAddr.parse("10.9.0.8")), addresses("a"));
        assertEquals(List.of(), addresses("b"));

        members.define(definitions("id=100"));
        assertEquals(addresses("a"), addresses("b"));
        assertTrue(target("b").desired().complete());
    }

    @Test
    void aFinishedPodHasNoAddress() {
        members.giveAddresses();
        PodSnapshot pod = observedStatus(pod("a", 1, "vx0"), List.of(claim("10.9.0.8")));
        members.put(pod);
        members.put(pod("b", 2, "vx0"));
        members.put(pod("late", 3, "vx0"));
        members.put(new PodSnapshot(
                pod.ref(),
                new PodSnapshot.Placement(pod.node(), pod.ips(), false, true),
                new PodSnapshot.AgentContainer(pod.agent(), pod.agentContainer(), pod.agentId(), ""),
                new PodSnapshot.PodMeta(pod.annotations()),
                pod.observedStatus()));

        assertEquals(List.of(IpAddr.parse("10.9.0.8")), addresses("late"));
    }

    private Target target(String uid) {
        return members.target(uid).orElseThrow();
    }

    private List<IpAddr> addresses(String uid) {
        return target(uid).desired().links().getFirst().network().addresses().stream()
                .map(InterfaceAddress::address)
                .toList();
    }

    private static NetworkStatus claim(String ip) {
        return NetworkStatus.claim("vx0", new Vni(100), List.of(IpAddr.parse(ip)));
    }

    private static Definitions definitions(String text) {
        return Definitions.parse(Map.of("vx0", text), new Defaults(new IfName("eth0"), new Port(8472)));
    }

    private static PodSnapshot pod(String uid, int host, String networks) {
        return new PodSnapshot(
                new PodRef(uid, "default", "pod-" + uid),
                new PodSnapshot.Placement("node", List.of(IpAddr.parse("10.244.0." + host)), false, false),
                new PodSnapshot.AgentContainer(AgentState.RUNNING, "vxlan-controller-agent", "containerd://" + uid, ""),
                new PodSnapshot.PodMeta(Map.of(KEYS.networks(), networks)),
                ObservedStatus.NOTHING);
    }

    private static PodSnapshot observedStatus(PodSnapshot pod, List<NetworkStatus> networks) {
        return new PodSnapshot(
                pod.ref(),
                new PodSnapshot.Placement(pod.node(), pod.ips(), pod.hostNetwork(), pod.finished()),
                new PodSnapshot.AgentContainer(pod.agent(), pod.agentContainer(), pod.agentId(), ""),
                new PodSnapshot.PodMeta(pod.annotations()),
                new ObservedStatus(2, new OverlayStatus(networks, Optional.empty())));
    }
}
