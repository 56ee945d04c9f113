package io.github.kubevxlan.controller.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.Snapshots;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");

    private final Members members = new Members(
            KEYS, definitions(Map.of("vx0", "id=100 forwarding=flood", "vx1", "id=101 forwarding=flood")), 2, false);

    @Test
    void aJoinConcernsTheSegmentsMembersAndNobodyElse() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0, vx1"));
        members.put(pod("c", "10.0.0.3", "vx1"));

        assertEquals(Set.of("a", "b", "d"), members.put(pod("d", "10.0.0.4", "vx0")));
        assertEquals(
                peers("10.0.0.1", "10.0.0.2", "10.0.0.4"),
                linksOf("a").getFirst().peers());
    }

    @Test
    void aChangeThatIsNoneConcernsNobody() {
        members.put(pod("a", "10.0.0.1", "vx0"));

        assertEquals(Set.of(), members.put(pod("a", "10.0.0.1", "vx0")));
    }

    @Test
    void membersOfASegmentShareOneSet() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        assertSame(linksOf("a").getFirst().peers(), linksOf("b").getFirst().peers());
    }

    @Test
    void aPodThatReturnsUnderItsNameIsAnotherMember() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(named("uid-1", "default", "db-0", "10.0.0.2"));

        members.put(named("uid-2", "default", "db-0", "10.0.0.3"));
        members.remove("uid-1");

        assertEquals(peers("10.0.0.1", "10.0.0.3"), linksOf("a").getFirst().peers());
    }

    @Test
    void podsOfOneNameInTwoNamespacesAreTwoMembers() {
        members.put(named("uid-1", "default", "db-0", "10.0.0.2"));
        members.put(named("uid-2", "other", "db-0", "10.0.0.3"));

        assertEquals(peers("10.0.0.2", "10.0.0.3"), linksOf("uid-1").getFirst().peers());
        assertEquals(peers("10.0.0.2", "10.0.0.3"), linksOf("uid-2").getFirst().peers());
    }

    @Test
    void aFinishedPodIsNoMember() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        PodSnapshot job = pod("b", "10.0.0.2", "vx0");
        members.put(job);

        Set<String> affected = members.put(new PodSnapshot(
                job.ref(),
                new PodSnapshot.Placement(job.node(), job.ips(), false, true),
                new PodSnapshot.AgentContainer(AgentState.WAITING, job.agentContainer(), "", ""),
                new PodSnapshot.PodMeta(job.annotations()),
                job.observedStatus()));

        assertEquals(Set.of("a", "b"), affected);
        assertEquals(peers("10.0.0.1"), linksOf("a").getFirst().peers());
        assertTrue(members.target("b").isEmpty());
    }

    @Test
    void tellsWhoIsNotReadyByWhatIsWritten() {
        members.put(observedStatus("a", false, State.READY));
        members.put(observedStatus("b", false, State.DEGRADED));
        members.put(observedStatus("c", false, State.PENDING));
        members.put(observedStatus("job", true, State.PENDING));

        assertEquals(Map.of("vx0", Set.of("b", "c")), members.notReady());
    }

    @Test
    void tellsOfANetworkWhereAllAreReady() {
        members.put(observedStatus("a", false, State.READY));

        assertEquals(Map.of("vx0", Set.of()), members.notReady());
    }

    @Test
    void anUnknownNetworkIsMissingUntilItIsDefined() {
        members.put(pod("a", "10.0.0.1", "vx0, later"));

        assertEquals(
                List.of(new NetworkProblem("later", "network later is not defined")),
                desired("a").missing());

        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood", "later", "200")));
        assertEquals(List.of(), desired("a").missing());
        assertEquals(2, linksOf("a").size());
    }

    @Test
    void aPodThatNamesNoNetworkMayStartAndBecomesAMemberWhenOneTurnsUp() {
        members.annotate("default", Optional.of(Map.of()));
        members.put(pod("a", "10.0.0.1", ""));
        members.put(pod("b", "10.0.0.2", ""));
        assertEquals(DesiredPod.NONE, desired("a"));
        assertTrue(desired("a").complete());

        members.define(definitions(Map.of("later", "id=200 forwarding=flood default=true")));
        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("b").getFirst().peers());
    }

    @Test
    void aDefinitionThatBecomesUnreadableFreezesTheNetwork() {
        members.put(pod("a", "10.0.0.1", "vx0"));

        members.define(definitions(Map.of("vx0", "id=abc")));

        assertEquals(
                new RetainedLinks(false, Set.of("vx0"), Set.of()), desired("a").retained());
        assertEquals(1, desired("a").missing().size());
    }

    @Test
    void whileADefinitionIsUnreadableItsMembersStayInStepAndNobodyJoins() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        members.define(definitions(Map.of("vx0", "id=100 up=maybe")));
        members.define(definitions(Map.of("vx0", "id=abc")));
        members.put(pod("c", "10.0.0.3", "vx0"));

        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("a").getFirst().peers());
        assertEquals(List.of(), linksOf("c"));
        assertEquals(
                NetworkProblem.Effect.ABSENT, desired("c").missing().getFirst().effect());
        NetworkProblem told = desired("a").missing().getFirst();
        assertEquals(NetworkProblem.Effect.NOT_APPLIED, told.effect());
        assertTrue(told.sentence().endsWith("; the pod keeps it as it was"), told::sentence);

        members.remove("b");
        assertEquals(peers("10.0.0.1"), linksOf("a").getFirst().peers());

        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood")));
        assertEquals(peers("10.0.0.1", "10.0.0.3"), linksOf("a").getFirst().peers());
        assertEquals(List.of(), desired("a").missing());
    }

    @Test
    void whileADefinitionIsUnreadableItsMembersKeepTheAddressesOfItsSubnet() {
        Map<String, String> before = Map.of("vx0", "id=100 subnet=10.7.0.0/24");
        members.define(definitions(before));
        members.giveAddresses();
        members.put(pod("a", "10.0.0.1", "vx0"));
        List<InterfaceAddress> given = linksOf("a").getFirst().network().addresses();

        members.define(definitions(Map.of("vx0", "id=100 subnet=10.7.0.0/24 up=maybe")));
        members.put(saying(pod("a", "10.0.0.1", "vx0"), "vx0 metric=7"));

        assertEquals(1, given.size());
        assertEquals(given, linksOf("a").getFirst().network().addresses());
        members.define(definitions(before));
        assertEquals(given, linksOf("a").getFirst().network().addresses());
    }

    @Test
    void aDefinitionThatIsUnreadableKeepsNoSegmentThatAnotherNetworkHasNow() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx1"));

        members.define(definitions(Map.of("vx0", "id=abc", "vx1", "id=100 forwarding=flood")));

        assertEquals(List.of(), linksOf("a"));
        assertTrue(desired("a").retained().covers("vx0"));
        assertEquals(peers("10.0.0.2"), linksOf("b").getFirst().peers());
    }

    @Test
    void withoutAConfigMapEverythingThatAMemberHasStaysAsItIs() {
        Members cold =
                new Members(KEYS, Definitions.absent(definitions(Map.of()).defaults()), 2, false);
        cold.annotate("default", Optional.of(Map.of()));
        cold.put(pod("a", "10.0.0.1", "vx0"));
        cold.put(pod("b", "10.0.0.2", ""));

        DesiredPod naming = cold.target("a").orElseThrow().desired();
        assertTrue(naming.retained().covers("vx0"));
        assertFalse(naming.complete(), "a new pod waits for its networks");
        DesiredPod byDefault = cold.target("b").orElseThrow().desired();
        assertTrue(byDefault.retained().covers("any"));
        assertTrue(byDefault.complete());
        assertEquals(0, cold.joined());
        assertEquals(0, members.joined());
        members.put(pod("a", "10.0.0.1", "vx0"));
        assertEquals(1, members.joined());
    }

    @Test
    void anAnnotationThatBecomesUnreadableLeavesThePodWhereItWas() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        PodSnapshot pod = pod("b", "10.0.0.2", "vx0");
        members.put(saying(pod, "vx0 up=maybe"));

        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("a").getFirst().peers());
        assertEquals(1, linksOf("b").size());
    }

    @Test
    void aPodThatIsLeftWhereItWasFollowsWhatIsDefinedForItsSegment() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        PodSnapshot pod = pod("b", "10.0.0.2", "vx0");
        members.put(pod);
        members.put(saying(pod, "vx0 up=maybe"));

        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood peer=192.0.2.7")));
        members.put(saying(pod, "vx0 up=perhaps"));

        PeerTable all = peers("10.0.0.1", "10.0.0.2", "192.0.2.7");
        assertEquals(all, linksOf("a").getFirst().peers());
        assertEquals(all, linksOf("b").getFirst().peers());
    }

    @Test
    void aTenancyThatEndsTakesThePodOut() {
        members.put(pod("a", "10.0.0.1", "vx0, vx1"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        members.define(definitions(Map.of("vx0", "id=100 namespaces=tenant", "vx1", "101")));

        assertEquals(
                List.of("vx1"),
                linksOf("a").stream().map(link -> link.network().name()).toList());
        assertEquals(1, desired("a").missing().size());
        assertFalse(desired("a").retained().covers("vx0"));
        assertEquals(List.of(), linksOf("b"));
    }

    @Test
    void anAnnotationThatBecomesUnreadableKeepsNoPodInANetworkThatShutsItOut() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        PodSnapshot pod = pod("a", "10.0.0.1", "vx0");
        members.put(saying(pod, "vx0 up=maybe"));

        members.define(definitions(Map.of("vx0", "id=100 namespaces=tenant", "vx1", "101")));

        assertEquals(List.of(), linksOf("a"));
        assertFalse(desired("a").retained().covers("vx0"));
        assertTrue(desired("a").retained().covers("vx1"));
    }

    @Test
    void aNewAddressReplacesTheOldOneAtThePeers() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        assertEquals(Set.of("a", "b"), members.put(pod("b", "10.0.0.9", "vx0")));
        assertEquals(peers("10.0.0.1", "10.0.0.9"), linksOf("a").getFirst().peers());
    }

    @Test
    void outsidePeersAreVtepsOfEveryMemberOfTheirFamily() {
        members.define(definitions(Map.of(
                "vx0",
                "id=100 forwarding=flood peer=192.0.2.7;2001:db8::7",
                "vx1",
                "id=101 forwarding=flood family=ipv6 peer=192.0.2.7;2001:db8::7")));
        members.put(pod("a", "10.0.0.1;fd00::1", "vx0, vx1"));

        assertEquals(peers("10.0.0.1", "192.0.2.7"), linksOf("a").get(0).peers());
        assertEquals(peers("fd00::1", "2001:db8::7"), linksOf("a").get(1).peers());
    }

    @Test
    void toldMembersHoldEachOthersMacsAndAddresses() {
        members.define(definitions(Map.of("vx0", "100")));
        members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.1/24;fd00::1/64"));
        members.put(pod("b", "10.0.0.2", "vx0"));

        DesiredLink a = linksOf("a").getFirst();
        Mac ofA = a.mac();
        Mac ofB = linksOf("b").getFirst().mac();
        List<Entry> own = List.of(
                flood("10.0.0.1"),
                new Entry.Unicast(ofA, IpAddr.parse("10.0.0.1")),
                new Entry.Neighbour(IpAddr.parse("10.99.0.1"), ofA),
                new Entry.Neighbour(IpAddr.parse("fd00::1"), ofA));
        assertEquals(own, a.own());
        assertEquals(
                PeerTable.of(Stream.concat(
                                own.stream(),
                                Stream.of(flood("10.0.0.2"), new Entry.Unicast(ofB, IpAddr.parse("10.0.0.2"))))
                        .toList()),
                a.peers());
    }

    @Test
    void anAddressThatTwoMembersHaveIsNobodysNeighbourUntilOneGoes() {
        members.define(definitions(Map.of("vx0", "100")));
        members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.1/24"));
        members.put(pod("b", "10.0.0.2", "vx0 ip=10.99.0.1/24"));
        assertEquals(Set.of(), neighbours("a"));

        members.remove("b");
        assertEquals(Set.of(IpAddr.parse("10.99.0.1")), neighbours("a"));
    }

    @Test
    void noMoreMembersBecomeNeighboursThanAllowedAndAJoinMovesOneAtMost() {
        members.define(definitions(Map.of("vx0", "100")));
        members.put(pod("b", "10.0.0.2", "vx0 ip=10.99.0.2/24"));
        members.put(pod("c", "10.0.0.3", "vx0 ip=10.99.0.3/24"));
        members.put(pod("d", "10.0.0.4", "vx0 ip=10.99.0.4/24"));
        assertEquals(Set.of(IpAddr.parse("10.99.0.2"), IpAddr.parse("10.99.0.3")), neighbours("d"));

        members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.1/24"));
        assertEquals(Set.of(IpAddr.parse("10.99.0.1"), IpAddr.parse("10.99.0.2")), neighbours("d"));
    }

    @Test
    void anotherAddressConcernsThePeersOnlyWhereTheyAreToldOfIt() {
        members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.1/24"));
        members.put(pod("b", "10.0.0.2", "vx0"));
        assertEquals(Set.of("a"), members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.9/24")));

        assertEquals(Set.of("a", "b"), members.define(definitions(Map.of("vx0", "100"))));
        assertEquals(Set.of("a", "b"), members.put(pod("a", "10.0.0.1", "vx0 ip=10.99.0.1/24")));
    }

    @Test
    void aNetworksVtepsAreItsMembersAddressesOfItsFamily() {
        members.define(definitions(Map.of(
                "vx0",
                "id=100 forwarding=flood family=ipv4",
                "vx1",
                "id=100 forwarding=flood family=ipv6",
                "vx2",
                "id=102 forwarding=flood")));
        members.put(pod("a", "10.0.0.1;fd00::1", "vx0, vx1, vx2"));
        members.put(pod("b", "fd00::2;10.0.0.2", "vx0, vx1, vx2"));

        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("a").get(0).peers());
        assertEquals(peers("fd00::1", "fd00::2"), linksOf("a").get(1).peers());
        assertEquals(IpAddr.parse("fd00::1"), linksOf("a").get(1).local());
        assertEquals(List.of(flood("fd00::1")), linksOf("a").get(1).own());
        assertEquals(peers("10.0.0.1"), linksOf("a").get(2).peers());
        assertEquals(peers("fd00::2"), linksOf("b").get(2).peers());
    }

    @Test
    void aPodWithoutAnAddressOfTheFamilyIsOutOfThatNetworkOnly() {
        members.define(
                definitions(Map.of("vx0", "id=100 forwarding=flood", "vx1", "id=101 forwarding=flood family=ipv6")));
        members.put(pod("a", "10.0.0.1", "vx0, vx1"));
        members.put(pod("b", "10.0.0.2;fd00::2", "vx0, vx1"));

        assertEquals(1, linksOf("a").size());
        assertEquals(
                List.of(new NetworkProblem(
                        "vx1", "network vx1: it runs over IPv6 (family=ipv6), and the pod has no IPv6 address")),
                desired("a").missing());
        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("b").get(0).peers());
        assertEquals(peers("fd00::2"), linksOf("b").get(1).peers());
        assertTrue(desired("b").complete());
    }

    @Test
    void membersWithoutAnAddressOfTheNewFamilyStayTogetherAsTheyWereAndNobodyJoinsThem() {
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));
        members.put(pod("dual", "10.0.0.3;fd00::3", "vx0"));

        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood family=ipv6")));
        members.put(pod("late", "10.0.0.4", "vx0"));

        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("a").getFirst().peers());
        assertEquals(peers("fd00::3"), linksOf("dual").getFirst().peers());
        assertEquals(List.of(), linksOf("late"));
        assertEquals(
                List.of(new NetworkProblem(
                        "vx0",
                        "network vx0: it runs over IPv6 (family=ipv6), and the pod has no IPv6 address; the pod keeps"
                                + " it as it was",
                        NetworkProblem.Effect.NOT_APPLIED)),
                desired("a").missing());
        assertEquals(
                NetworkProblem.Effect.ABSENT,
                desired("late").missing().getFirst().effect());

        members.remove("b");
        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood family=ipv6 ttl=3")));
        assertEquals(peers("10.0.0.1"), linksOf("a").getFirst().peers());

        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood")));
        assertEquals(
                peers("10.0.0.1", "10.0.0.3", "10.0.0.4"),
                linksOf("a").getFirst().peers());
        assertEquals(List.of(), desired("a").missing());
    }

    @Test
    void membersThatCanNotFollowToAnotherFamilyKeepTheirAddressesOfItsSubnet() {
        members.define(definitions(Map.of("vx0", "id=100 subnet=10.7.0.0/24 forwarding=flood")));
        members.giveAddresses();
        members.put(pod("a", "10.0.0.1", "vx0"));
        members.put(pod("b", "10.0.0.2", "vx0"));
        List<InterfaceAddress> given = linksOf("a").getFirst().network().addresses();

        members.define(definitions(Map.of("vx0", "id=100 subnet=10.7.0.0/24 forwarding=flood family=ipv6")));
        members.put(pod("dual", "10.0.0.3;fd00::3", "vx0"));

        assertEquals(1, given.size());
        assertEquals(given, linksOf("a").getFirst().network().addresses());
        assertEquals(
                3,
                Stream.of("a", "b", "dual")
                        .flatMap(uid -> linksOf(uid).getFirst().network().addresses().stream())
                        .distinct()
                        .count());
    }

    @Test
    void aMemberThatCanNotFollowKeepsItsAddressThroughLaterEditsOfTheSubnet() {
        members.define(definitions(Map.of("vx0", "id=100 subnet=10.7.0.0/24")));
        members.giveAddresses();
        members.put(pod("a", "10.0.0.1", "vx0"));
        List<InterfaceAddress> given = linksOf("a").getFirst().network().addresses();
        PodSnapshot written =
                holding(pod("a", "10.0.0.1", "vx0"), given.getFirst().address());
        members.put(written);

        for (String edit : List.of("subnet=10.7.0.0/24 range=10.7.0.1-10.7.0.1", "subnet=10.8.0.0/24")) {
            members.define(definitions(Map.of("vx0", "id=100 family=ipv6 " + edit)));
            members.put(written);
            assertEquals(given, linksOf("a").getFirst().network().addresses(), edit);
        }
    }

    @Test
    void aMemberThatCanNotFollowToAnotherFamilyKeepsNoLinkInASegmentThatAnotherNetworkHasNow() {
        members.put(pod("a", "10.0.0.1", "vx0"));

        members.define(definitions(Map.of("vx0", "id=100 family=ipv6", "vx1", "id=100 family=ipv4")));
        members.put(pod("b", "10.0.0.2", "vx1"));

        assertEquals(List.of(), linksOf("a"));
        assertFalse(desired("a").retained().covers("vx0"));
        assertFalse(linksOf("b").getFirst().peers().contains(new Entry.Flood(IpAddr.parse("10.0.0.1"))));
    }

    @Test
    void aLeaderThatNeverSawTheOldFamilyLeavesTheLinkAndItsAddress() {
        members.define(definitions(Map.of("vx0", "id=100 family=ipv6 subnet=10.7.0.0/30")));
        IpAddr first = IpAddr.parse("10.7.0.1");
        members.put(holding(pod("a", "10.0.0.1", "vx0"), first));
        members.giveAddresses();
        members.put(pod("dual", "10.0.0.2;fd00::2", "vx0"));

        assertEquals(List.of(), linksOf("a"));
        assertTrue(desired("a").retained().covers("vx0"));
        assertFalse(desired("a").retained().covers("vx1"));
        assertEquals(List.of(first), members.target("a").orElseThrow().claims().of("vx0"));
        assertEquals(
                List.of(IpAddr.parse("10.7.0.2")),
                members.target("dual").orElseThrow().claims().of("vx0"));
    }

    @Test
    void aPodOfANamespaceThatNoWatchHasShownWaitsForWhatThatSays() {
        members.define(definitions(Map.of("vx0", "id=100 forwarding=flood", "vx1", "id=101 default=true")));
        members.put(podOf("new", "a", "10.0.0.1", ""));
        members.put(podOf("new", "b", "10.0.0.2", "vx0"));

        assertFalse(desired("a").complete());
        assertEquals(List.of(), linksOf("a"));
        assertTrue(desired("a").retained().covers("vx0"));
        assertTrue(members.declaresNetworks("a"));
        assertTrue(desired("b").complete(), "it names its networks itself");

        assertEquals(Set.of("a", "b"), members.annotate("new", Optional.of(Map.of(KEYS.names(), "vx0"))));
        assertTrue(desired("a").complete());
        assertEquals(peers("10.0.0.1", "10.0.0.2"), linksOf("a").getFirst().peers());

        members.annotate("new", Optional.of(Map.of()));
        assertEquals("vx1", linksOf("a").getFirst().network().name());
        members.annotate("new", Optional.empty());
        assertEquals("vx1", linksOf("a").getFirst().network().name());
    }

    @Test
    void anotherFamilyConcernsTheMembersOfBothSegments() {
        members.put(pod("a", "10.0.0.1;fd00::1", "vx0"));
        members.put(pod("b", "10.0.0.2;fd00::2", "vx0"));

        assertEquals(
                Set.of("a", "b"), members.define(definitions(Map.of("vx0", "id=100 forwarding=flood family=ipv6"))));
        assertEquals(peers("fd00::1", "fd00::2"), linksOf("a").getFirst().peers());

        assertEquals(Set.of("a", "b"), members.put(pod("b", "10.0.0.2;fd00::9", "vx0")));
        assertEquals(peers("fd00::1", "fd00::9"), linksOf("a").getFirst().peers());
    }

    @Test
    void aFilterLetsMembersAndVtepsOutsideThroughAndNobodyElse() {
        Members filtered = new Members(
                KEYS, definitions(Map.of("vx0", "id=100 peer=192.0.2.7;2001:db8::7", "vx1", "101")), 2, true);
        filtered.put(pod("a", "10.0.0.1", "vx0"));
        filtered.put(pod("b", "10.0.0.2", "vx0, vx1"));
        filtered.put(pod("c", "10.0.0.3", "vx1"));

        DesiredLink link = filtered.target("a").orElseThrow().desired().links().getFirst();
        Filter filter = link.filter().orElseThrow();
        assertEquals("vni100-port8472-ipv4", filter.name());
        assertEquals(
                Set.of("10.0.0.1", "10.0.0.2", "192.0.2.7"),
                link.peers().all().stream()
                        .filter(entry -> entry.key().equals(filter.name()))
                        .map(Entry::value)
                        .collect(Collectors.toSet()));
        assertTrue(link.own().contains(new Entry.Admitted(filter, IpAddr.parse("10.0.0.1"))));
    }

    private Set<IpAddr> neighbours(String uid) {
        return linksOf(uid).getFirst().peers().all().stream()
                .flatMap(entry -> entry instanceof Entry.Neighbour(IpAddr ip, var mac) ? Stream.of(ip) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private DesiredPod desired(String uid) {
        return members.target(uid).orElseThrow().desired();
    }

    private List<DesiredLink> linksOf(String uid) {
        return desired(uid).links();
    }

    private static PeerTable peers(String... addresses) {
        return PeerTable.of(Stream.of(addresses).map(address -> flood(address)).toList());
    }

    private static Entry flood(String vtep) {
        return new Entry.Flood(IpAddr.parse(vtep));
    }

    private static Definitions definitions(Map<String, String> data) {
        return Definitions.parse(data, new Defaults(new IfName("eth0"), new Port(8472)));
    }

    private static PodSnapshot pod(String uid, String ips, String names) {
        return podOf("default", uid, ips, names);
    }

    private static PodSnapshot podOf(String namespace, String uid, String ips, String names) {
        return new PodSnapshot(
                new PodRef(uid, namespace, uid),
                new PodSnapshot.Placement(
                        "node1",
                        Stream.of(ips.split(";", -1)).map(IpAddr::parse).toList(),
                        false,
                        false),
                new PodSnapshot.AgentContainer(AgentState.RUNNING, "vxlan-controller-agent", "c-" + uid, ""),
                new PodSnapshot.PodMeta(Map.of(KEYS.networks(), names)),
                ObservedStatus.NOTHING);
    }

    private static PodSnapshot observedStatus(String uid, boolean finished, State state) {
        return having(
                pod(uid, "10.0.0.1", "vx0"),
                finished,
                NetworkStatus.without("vx0", state, Optional.empty(), List.of(), ""));
    }

    /** With an address of vx0 written on it. */
    private static PodSnapshot holding(PodSnapshot pod, IpAddr address) {
        return having(pod, false, NetworkStatus.without("vx0", State.READY, Optional.empty(), List.of(address), ""));
    }

    private static PodSnapshot having(PodSnapshot pod, boolean finished, NetworkStatus written) {
        return new PodSnapshot(
                pod.ref(),
                new PodSnapshot.Placement(pod.node(), pod.ips(), false, finished),
                new PodSnapshot.AgentContainer(pod.agent(), pod.agentContainer(), pod.agentId(), ""),
                new PodSnapshot.PodMeta(pod.annotations()),
                new ObservedStatus(1, new OverlayStatus(List.of(written), Optional.empty())));
    }

    private static PodSnapshot saying(PodSnapshot pod, String networks) {
        return Snapshots.declaring(pod, Map.of(KEYS.networks(), networks));
    }

    private static PodSnapshot named(String uid, String namespace, String name, String ip) {
        return Snapshots.named(pod(uid, ip, "vx0"), new PodRef(uid, namespace, name));
    }
}
