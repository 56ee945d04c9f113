package io.github.kubevxlan.controller.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.MacChoice;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which MAC each member has, and what its peers are told of it. */
class MemberMacsTest {
    private static final Keys KEYS = new Keys("p.test");
    private static final String CHOSEN = "72:78:00:00:00:01";
    private static final String OTHER = "02:00:00:00:00:01";

    private final Members members = new Members(KEYS, definitions("100"), 10, false);

    @Test
    void aNameThatReturnsElsewhereHasItsMacAndItsPeersKnowWhereItIs() {
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        members.put(pod("u1", "db-0", NameKind.STATEFUL, "10.0.0.1", "vx0 ip=10.1.0.1/24"));
        Mac mac = mac("u1");
        members.remove("u1");
        members.put(pod("u2", "db-0", NameKind.STATEFUL, "10.0.0.2", "vx0 ip=10.1.0.1/24"));

        assertEquals(mac, mac("u2"));
        assertEquals(Set.of(mac + " at 10.0.0.2", "10.1.0.1 at " + mac), known("peer", mac));
    }

    @Test
    void aMemberThatAnOlderVersionSetUpStaysAsItIs() {
        PodSnapshot pod = pod("u1", "db-0", NameKind.STATEFUL, "10.0.0.1", "vx0");
        Mac old = MacChoice.of(new PodRef("u1", "a", "db-0"), "vx0", new Vni(100), Optional.empty(), Optional.empty())
                .first();
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        members.put(written(pod, old));

        assertEquals(old, mac("u1"));
        assertEquals(Set.of(old + " at 10.0.0.1"), known("peer", old));

        members.define(definitions("id=100 mtu=1400"));
        assertEquals(old, mac("u1"));
        members.put(pod("u2", "db-0", NameKind.STATEFUL, "10.0.0.1", "vx0"));
        assertNotEquals(old, mac("u2"));
    }

    @Test
    void aWrittenStatusThatComesLaterChangesNothing() {
        PodSnapshot pod = pod("u1", "db-0", NameKind.STATEFUL, "10.0.0.1", "vx0");
        members.put(pod);
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        Mac mac = mac("u1");

        assertEquals(Set.of("u1"), members.put(written(pod, mac)));
        assertEquals(Set.of("u1"), members.put(written(pod, new Mac("72:78:99:99:99:99"))));
        assertEquals(mac, mac("u1"));
    }

    @Test
    void ofTwoThatChoseOneMacTheSecondIsToldAndHasItWhenTheFirstIsGone() {
        members.put(pod("z", "first", NameKind.BARE, "10.0.0.1", "vx0 mac=" + CHOSEN));
        assertEquals(new Mac(CHOSEN), mac("z"));
        members.put(pod("a", "second", NameKind.BARE, "10.0.0.2", "vx0 mac=" + CHOSEN));

        assertEquals(new Mac(CHOSEN), mac("z"));
        assertNotEquals(new Mac(CHOSEN), mac("a"));
        assertEquals(List.of(), problems("z"));
        assertEquals(
                List.of(new NetworkProblem(
                        "vx0",
                        "network vx0: mac=" + CHOSEN + " is the MAC of pod a/first",
                        NetworkProblem.Effect.NOT_APPLIED)),
                problems("a"));

        assertEquals(Set.of("a"), members.remove("z"));
        assertEquals(new Mac(CHOSEN), mac("a"));
        assertEquals(List.of(), problems("a"));
    }

    @Test
    void anEditOfTheMacIsToldToPeers() {
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        members.put(pod("u", "db", NameKind.BARE, "10.0.0.1", "vx0"));
        Mac derived = mac("u");

        assertEquals(Set.of("u", "peer"), members.put(pod("u", "db", NameKind.BARE, "10.0.0.1", "vx0 mac=" + CHOSEN)));
        assertEquals(Set.of(), known("peer", derived));
        assertEquals(Set.of(CHOSEN + " at 10.0.0.1"), known("peer", new Mac(CHOSEN)));
        members.put(pod("u", "db", NameKind.BARE, "10.0.0.1", "vx0"));
        assertEquals(derived, mac("u"));
    }

    @Test
    void ofAMacThatIsNotOursPeersAreToldNothingSinceTheyCouldNotTellItFromOthers() {
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        members.put(pod("u", "db", NameKind.BARE, "10.0.0.1", "vx0 ip=10.1.0.1/24 mac=" + OTHER));

        assertEquals(new Mac(OTHER), mac("u"));
        assertEquals(Set.of(), known("peer", new Mac(OTHER)));
        assertTrue(link("peer").peers().contains(new Entry.Flood(IpAddr.parse("10.0.0.1"))));
        assertTrue(link("u").own().stream().allMatch(Entry.Flood.class::isInstance));
    }

    @Test
    void whereMembersCheckWhatOthersSendTheyLetAMacThroughThatIsNotOurs() {
        members.define(definitions("id=100 security=on"));
        members.put(pod("peer", "peer", NameKind.PASSING, "10.0.0.9", "vx0"));
        members.put(pod("u", "db", NameKind.BARE, "10.0.0.1", "vx0 mac=" + OTHER));

        assertTrue(link("peer").peers().all().stream()
                .anyMatch(entry -> entry instanceof Entry.SenderMac(var _, IpAddr vtep, Mac mac)
                        && vtep.equals(IpAddr.parse("10.0.0.1"))
                        && mac.equals(new Mac(OTHER))));
    }

    @Test
    void aDefinitionChoosesByName() {
        members.define(definitions("id=100 mac=db:" + CHOSEN + ";b/web:" + OTHER));
        members.put(pod("u1", "db", NameKind.BARE, "10.0.0.1", "vx0"));
        members.put(pod("u2", "web", NameKind.BARE, "10.0.0.2", "vx0"));

        assertEquals(new Mac(CHOSEN), mac("u1"));
        assertTrue(!mac("u2").equals(new Mac(OTHER)), "that of a pod in another namespace");
    }

    private List<NetworkProblem> problems(String uid) {
        return members.target(uid).orElseThrow().desired().missing();
    }

    private Mac mac(String uid) {
        return link(uid).mac();
    }

    private DesiredLink link(String uid) {
        return members.target(uid).orElseThrow().desired().links().getFirst();
    }

    /** Forwarding and neighbour entries with a MAC that a member holds. */
    private Set<String> known(String uid, Mac of) {
        return link(uid).peers().all().stream()
                .map(entry -> switch (entry) {
                    case Entry.Unicast(Mac mac, IpAddr vtep) when mac.equals(of) -> mac + " at " + vtep;
                    case Entry.Neighbour(IpAddr ip, Mac mac) when mac.equals(of) -> ip + " at " + mac;
                    default -> "";
                })
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toSet());
    }

    private static Definitions definitions(String text) {
        return Definitions.parse(Map.of("vx0", text), new Defaults(new IfName("eth0"), new Port(8472)));
    }

    private static PodSnapshot pod(String uid, String name, NameKind kind, String ip, String networks) {
        return snapshot(new PodRef(uid, "a", name, kind), ip, networks, ObservedStatus.NOTHING);
    }

    private static PodSnapshot written(PodSnapshot pod, Mac mac) {
        NetworkStatus status = new NetworkStatus(
                "vx0",
                NetworkStatus.State.READY,
                Optional.of(new Vni(100)),
                new NetworkStatus.Link(
                        Optional.of(new IfName("vx0")),
                        List.of(),
                        Optional.of(mac),
                        OptionalInt.of(1450),
                        Optional.empty()),
                "");
        return snapshot(
                pod.ref(),
                pod.primary().toString(),
                pod.annotations().getOrDefault(KEYS.networks(), ""),
                new ObservedStatus(2, new OverlayStatus(List.of(status), Optional.empty())));
    }

    private static PodSnapshot snapshot(PodRef ref, String ip, String networks, ObservedStatus status) {
        return new PodSnapshot(
                ref,
                new PodSnapshot.Placement("node", List.of(IpAddr.parse(ip)), false, false),
                new PodSnapshot.AgentContainer(
                        AgentState.RUNNING, "vxlan-controller-agent", "containerd://" + ref.uid(), ""),
                new PodSnapshot.PodMeta(Map.of(KEYS.networks(), networks)),
                status);
    }
}
