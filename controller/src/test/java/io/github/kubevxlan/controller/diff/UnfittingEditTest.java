package io.github.kubevxlan.controller.diff;

import static io.github.kubevxlan.controller.overlay.Nets.PREFIX;
import static io.github.kubevxlan.controller.overlay.Nets.filtered;
import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.named;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.over;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.staticLink;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static io.github.kubevxlan.controller.overlay.Nets.withAttributes;
import static io.github.kubevxlan.controller.overlay.Nets.withMtu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A running member whose declaration changes into what its kernel can't have. */
class UnfittingEditTest {
    private static final Network NET =
            with(net("vx0", 100), List.of("192.168.11.2/29"), List.of("192.168.12.0/29:192.168.11.1"));
    private static final IpAddr STAYS = IpAddr.parse("10.244.2.1");
    private static final IpAddr LEAVES = IpAddr.parse("10.244.2.2");
    private static final IpAddr JOINS = IpAddr.parse("10.244.2.3");

    private final SimulatedKernel kernel = new SimulatedKernel();
    private final SimulatedAgent agent = SimulatedAgent.of(kernel);

    static Stream<Arguments> edits() {
        return Stream.of(
                Arguments.of(
                        withMtu(NET, new Mtu.Fixed(9000)),
                        "mtu 9000 is more than eth0 allows, 1450 bytes; the interface stays at 1450"),
                Arguments.of(over(NET, "net7"), "there is no underlay device net7; the interface stays on eth0"),
                Arguments.of(
                        named(NET, "lo0"),
                        "a device lo0 already exists and is not the controller's; the interface stays vx0"),
                Arguments.of(
                        with(NET, List.of("10.244.2.9/24"), List.of()),
                        "ip=10.244.2.9/24 covers 10.244.2.1, to which members send VXLAN packets"),
                Arguments.of(
                        with(
                                NET,
                                List.of("192.168.11.2/29"),
                                List.of("192.168.12.0/29:192.168.11.1", "10.55.0.0/16:192.168.11.1")),
                        "route=10.55.0.0/16:192.168.11.1 already exists over eth0 and is not the controller's"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void leavesTheLinkAsItIsFollowsPeersAndSaysWhatWasNotApplied(Network edit, String words) {
        kernel.foreign("lo0");
        kernel.handRoute(new ForeignRoute(Cidr.parse("10.55.0.0/16"), Optional.empty(), "eth0", 0));
        attempt(want(filtered(link(NET, peers("10.244.2.1", "10.244.2.2")))));
        ObservedLink before = kernel.observed().getLast();

        Outcome.Settled first = attempt(want(filtered(link(edit, peers("10.244.2.1", "10.244.2.2")))));
        attempt(want(filtered(link(edit, peers("10.244.2.1", "10.244.2.2", "10.244.2.3")))));
        attempt(want(filtered(link(edit, peers("10.244.2.1", "10.244.2.3")))));

        NetworkProblem problem = new NetworkProblem("vx0", "network vx0: " + words, Effect.NOT_APPLIED);
        assertEquals(List.of(problem), first.problems());
        NetworkStatus status = first.networks().orElseThrow().getFirst();
        assertEquals(List.of(State.DEGRADED, problem.sentence()), List.of(status.state(), status.message()));
        assertEquals(Optional.of("vx0"), status.ifName().map(Object::toString));
        assertEquals(before, kernel.observed().getLast());
        assertEquals(Set.of(STAYS, JOINS), kernel.floods("vx0"));
        assertEquals(Set.of(STAYS.toString(), JOINS.toString()), admitted());
        assertFalse(kernel.floods("vx0").contains(LEAVES));
    }

    @Test
    void isAppliedOnceItFits() {
        kernel.mtu("eth0", 1400);
        Network edit = withMtu(NET, new Mtu.Fixed(1450));
        attempt(want(link(withMtu(NET, new Mtu.Fixed(1300)), peers())));
        attempt(want(link(edit, peers())));
        kernel.mtu("eth0", 1500);

        assertEquals(List.of(), settle(want(link(edit, peers()))).problems());
        assertEquals(1450, kernel.observed().getLast().mtu());
    }

    static Stream<Arguments> editsOfASegmentToo() {
        return Stream.of(
                Arguments.of(
                        over(net("vx0", 101), "net7"), "there is no underlay device net7; the interface stays on eth0"),
                Arguments.of(
                        withMtu(net("vx0", 101), new Mtu.Fixed(9000)),
                        "mtu 9000 is more than eth0 allows, 1450 bytes; the interface stays at 1400"),
                Arguments.of(
                        named(over(net("vx0", 101), "net7"), "vx9"),
                        "there is no underlay device net7; the interface stays on eth0"));
    }

    @ParameterizedTest
    @MethodSource("editsOfASegmentToo")
    void movesToTheOtherSegmentWithWhatFitsAndFollowsItsPeersThere(Network edit, String words) {
        settle(want(filtered(link(withMtu(NET, new Mtu.Fixed(1400)), peers("10.244.2.1", "10.244.2.2")))));

        Outcome.Settled outcome = settle(want(filtered(link(edit, peers("10.244.2.1", "10.244.2.2")))));
        settle(want(filtered(link(edit, peers("10.244.2.1", "10.244.2.3")))));

        assertEquals(
                List.of(new NetworkProblem("vx0", "network vx0: " + words, Effect.NOT_APPLIED)), outcome.problems());
        ObservedLink link = kernel.observed().getLast();
        assertEquals(edit.ifName().value(), link.name());
        assertEquals(101, link.vxlan().orElseThrow().segment().vni().value());
        assertEquals("eth0", link.vxlan().orElseThrow().dev());
        assertEquals(Set.of(STAYS, JOINS), kernel.floods(link.name()));
        assertEquals(Set.of(STAYS.toString(), JOINS.toString()), admitted());
        assertEquals(
                1,
                kernel.observed().stream()
                        .filter(one -> one.vxlan().isPresent())
                        .count());
        assertEquals(State.DEGRADED, outcome.networks().orElseThrow().getFirst().state());
    }

    @Test
    void takesOverNothingOfAnotherNetworksLink() {
        settle(want(link(withMtu(NET, new Mtu.Fixed(1400)), peers("10.244.2.1"))));
        Network other = over(named(net("vx1", 101), "vx0"), "net7");

        Outcome.Settled outcome = settle(want(link(other, peers("10.244.2.1"))));

        assertEquals(
                List.of(new NetworkProblem("vx1", "network vx1: there is no underlay device net7", Effect.ABSENT)),
                outcome.problems());
        assertTrue(kernel.observed().stream().noneMatch(one -> one.vxlan().isPresent()));
    }

    @Test
    void keepsTheOldLinkAlsoWhereItWasToBeRenamed() {
        settle(want(link(NET, peers("10.244.2.1"))));
        int index = kernel.ifindex("vx0");
        kernel.foreign("gen0", net("vx0", 101).segment(), link(NET, peers()).local());

        settle(want(link(named(net("vx0", 101), "vx9"), peers("10.244.2.1"))));

        assertEquals(index, kernel.ifindex("vx0"));
    }

    @Test
    void keepsTheOldLinkAndItsFilterWhereADeviceOfAnotherHasTheNewSegment() {
        DesiredLink before = filtered(link(NET, peers("10.244.2.1")));
        settle(want(before));
        int index = kernel.ifindex("vx0");
        kernel.foreign("gen0", net("vx0", 101).segment(), link(NET, peers()).local());

        Outcome.Settled outcome = settle(want(filtered(link(net("vx0", 101), peers("10.244.2.1")))));

        assertEquals(Effect.NOT_APPLIED, outcome.problems().getFirst().effect());
        assertEquals(index, kernel.ifindex("vx0"));
        assertTrue(kernel.filters().isWhole(before.filter().orElseThrow()));
        assertEquals(
                Optional.of(want()), agent.reconciler.lastVerified("uid-1"), "it holds nothing of the new segment");
    }

    @Test
    void hasOtherChecksumsOnTheUnderlayDeviceThatItHad() {
        settle(want(link(NET, peers("10.244.2.1"))));
        Network edit = over(withAttributes(NET, Map.of(LinkAttribute.CHECKSUM, 0)), "net7");

        Outcome.Settled outcome = settle(want(link(edit, peers("10.244.2.1", "10.244.2.3"))));

        assertEquals(Effect.NOT_APPLIED, outcome.problems().getFirst().effect());
        assertEquals(Set.of(STAYS, JOINS), kernel.floods("vx0"));
    }

    @Test
    void givesTheSegmentOfALinkThatCantBeMadeAnewToTheLinkThatIsToHaveIt() {
        settle(want(link(NET, peers("10.244.2.1"))));
        kernel.foreign("gen0", net("vx0", 101).segment(), link(NET, peers()).local());
        DesiredLink moved = link(net("vx0", 101), peers());
        DesiredLink heir = link(net("vx1", 100), peers("10.244.2.1"));

        Outcome.Settled outcome = settle(want(moved, heir));

        assertEquals(Effect.ABSENT, outcome.problems().getFirst().effect());
        assertEquals(Set.of(STAYS), kernel.floods("vx1"));
        assertTrue(kernel.observed().stream().noneMatch(link -> link.name().equals("vx0")));
    }

    @Test
    void keepsARouteWhoseNewGatewayNoAddressReaches() {
        attempt(want(link(NET, peers("10.244.2.1"))));
        var before = kernel.routes("vx0").keySet();
        Network edit = with(NET, List.of("10.244.2.9/24"), List.of("192.168.12.0/29:10.244.2.10"));

        Outcome.Settled outcome = attempt(want(link(edit, peers("10.244.2.1"))));

        assertEquals(1, before.size());
        assertEquals(before, kernel.routes("vx0").keySet());
        assertEquals(
                "network vx0: route=192.168.12.0/29:10.244.2.10 leads through a gateway that none of its addresses"
                        + " reaches",
                outcome.problems().getLast().sentence());
    }

    @Test
    void theGatewayItselfHasNoRouteThroughItself() {
        Network network =
                with(NET, List.of("192.168.11.1/29"), List.of("10.9.0.0/16:192.168.11.1", "10.8.0.0/16:192.168.11.2"));

        Outcome.Settled outcome = attempt(want(link(network, peers("10.244.2.1"))));

        assertEquals(List.of(), outcome.problems());
        assertEquals(
                Set.of(Cidr.parse("10.8.0.0/16")),
                kernel.routes("vx0").keySet().stream().map(Route::destination).collect(Collectors.toSet()));
    }

    @Test
    void aRouteGivesWayToAMemberBehindItAndComesBack() {
        Network network = with(NET, List.of("192.168.11.2/29"), List.of("10.9.0.0/16:192.168.11.1"));
        attempt(want(link(network, peers("10.244.2.1"))));
        assertEquals(1, kernel.routes("vx0").size());

        Outcome.Settled covered = attempt(want(link(network, peers("10.244.2.1", "10.9.0.7"))));
        assertEquals(Set.of(), kernel.routes("vx0").keySet());
        assertEquals(
                "network vx0: route=10.9.0.0/16:192.168.11.1 covers 10.9.0.7, to which members send VXLAN packets",
                covered.problems().getFirst().sentence());
        assertEquals(Set.of(STAYS, IpAddr.parse("10.9.0.7")), kernel.floods("vx0"));

        assertEquals(
                List.of(), attempt(want(link(network, peers("10.244.2.1")))).problems());
        assertEquals(1, kernel.routes("vx0").size());
    }

    @Test
    void aVtepInTheNetworkOfAnAddressIsLeftOutAndComesBack() {
        Network network = with(NET, List.of("192.168.11.2/29"), List.of());
        attempt(want(filtered(link(network, peers("10.244.2.1")))));
        ObservedLink before = kernel.observed().getLast();

        DesiredPod covering = want(filtered(link(network, peers("10.244.2.1", "192.168.11.5"))));
        Outcome.Settled covered = attempt(covering);

        assertEquals(
                List.of("network vx0: ip=192.168.11.2/29 covers 192.168.11.5, to which members send VXLAN packets; it"
                        + " stays because the interface has it already, and no entry leads to a VTEP in it"),
                covered.problems().stream().map(NetworkProblem::sentence).toList());
        assertEquals(before, kernel.observed().getLast());
        assertEquals(Set.of(STAYS), kernel.floods("vx0"));
        assertEquals(Set.of(STAYS.toString()), admitted());
        assertEquals(
                Optional.of(covering), agent.reconciler.lastVerified("uid-1"), "nobody waits for what can't be there");

        Network away = with(NET, List.of("192.168.13.2/29"), List.of());
        assertEquals(
                List.of(),
                attempt(want(filtered(link(away, peers("10.244.2.1", "192.168.11.5")))))
                        .problems());
        assertEquals(Set.of(STAYS, IpAddr.parse("192.168.11.5")), kernel.floods("vx0"));
        assertEquals(Set.of(STAYS.toString(), "192.168.11.5"), admitted());
    }

    @Test
    void ofAVtepThatIsLeftOutNothingStays() {
        PeerTable peers = staticLink(NET, "10.244.2.1", "10.244.3.1").peers();

        PeerTable rest = peers.without(Set.of(IpAddr.parse("10.244.3.1")));

        assertEquals(staticLink(NET, "10.244.2.1").peers(), rest);
        assertEquals(peers, peers.without(Set.of(IpAddr.parse("10.244.4.1"))));
    }

    private Set<String> admitted() {
        return kernel.filters().admitted(kernel.filters().all().getFirst()).stream()
                .map(Entry::value)
                .collect(Collectors.toSet());
    }

    @Test
    void leavesOutWhatAKernelWithoutIpv6CantHaveAndHoldsNobodyBack() {
        kernel.withoutIpv6();
        assertWithoutIpv6("the pod has IPv6 switched off (disable_ipv6)");
    }

    @Test
    void leavesOutIpv6WhereTheUnderlayIsTooSmallForIt() {
        kernel.mtu("eth0", 1300);
        assertWithoutIpv6("its MTU is 1250, and IPv6 needs 1280 bytes");
    }

    private void assertWithoutIpv6(String reason) {
        Network dual = with(NET, List.of("192.168.11.2/29", "fd00:11::2/64"), List.of("[fd00:12::/64]:[fd00:11::1]"));
        DesiredLink staticLink = staticLink(dual, "10.244.2.1");
        DesiredLink link = new DesiredLink(
                staticLink.network(),
                new DesiredLink.Vtep(staticLink.local(), staticLink.mac()),
                PeerTable.of(Stream.concat(staticLink.peers().all().stream(), neighbour())
                        .toList()),
                staticLink.own(),
                staticLink.filter());

        Outcome.Settled outcome = settle(want(link));

        assertEquals(
                List.of(new NetworkProblem(
                        "vx0",
                        "network vx0: " + reason
                                + ", so it is without ip=fd00:11::2/64, route=[fd00:12::/64]:[fd00:11::1]",
                        Effect.LEFT_OUT)),
                outcome.problems());
        assertTrue(kernel.isMarked(), "the pod starts");
        assertEquals(Set.of(InterfaceAddress.parse("192.168.11.2/29")), kernel.addresses("vx0"));
        agent.scripts.clear();
        settle(want(link));
        assertEquals(1, agent.scripts.size(), "the digest is right at once");
        assertEquals(
                Optional.of(link.peers()),
                agent.reconciler.lastVerified("uid-1").orElseThrow().peers(link.segment()),
                "nobody waits for entries that can't be there");
    }

    private static Stream<Entry> neighbour() {
        return Stream.of(new Entry.Neighbour(IpAddr.parse("fd00:11::3"), new Mac("72:78:00:00:02:01")));
    }

    @Test
    void takesAnAppsOwnRouteOverTheLinkForTheSameRouteAndLeavesAnotherAlone() {
        settle(want(link(with(NET, List.of("192.168.11.2/29"), List.of()), peers())));
        kernel.handRoute(
                new ForeignRoute(Cidr.parse("192.168.12.0/29"), Optional.of(IpAddr.parse("192.168.11.1")), "vx0", 0));
        assertEquals(List.of(), settle(want(link(NET, peers()))).problems());

        Network other = with(NET, List.of("192.168.11.2/29"), List.of("192.168.12.0/29:192.168.11.3"));
        assertEquals(
                "network vx0: route=192.168.12.0/29:192.168.11.3 already exists over vx0 and is not the controller's",
                settle(want(link(other, peers()))).problems().getFirst().sentence());
    }

    @Test
    void aRouteThatItHasStaysWhenSomebodyPutsAnotherBehindIt() {
        settle(want(link(NET, peers())));
        kernel.handRoute(new ForeignRoute(Cidr.parse("192.168.12.0/29"), Optional.empty(), "eth0", 100));

        assertEquals(List.of(), settle(want(link(NET, peers()))).problems());
        assertEquals(
                Set.of(Route.parse("192.168.12.0/29:192.168.11.1")),
                kernel.routes("vx0").keySet());
    }

    @Test
    void aRenameTakesNothingAlong() {
        settle(want(link(with(NET, List.of("fd00::2/64"), List.of()), peers("10.244.2.1"))));
        kernel.handAddress("vx0", "fd00:9::9/64");

        settle(want(link(named(with(NET, List.of("fd00::2/64"), List.of()), "data0"), peers("10.244.2.1"))));

        assertTrue(kernel.addresses("data0").contains(InterfaceAddress.parse("fd00:9::9/64")));
    }

    @Test
    void aRenameOnAnOlderKernelPutsBackWhatIsOurs() {
        kernel.renamesDown();
        Network dual = with(NET, List.of("192.168.11.2/29", "fd00::2/64"), List.of("192.168.12.0/29:192.168.11.1"));
        settle(want(staticLink(dual, "10.244.2.1")));
        Set<Entry> entries = Set.copyOf(kernel.entries("vx0"));

        settle(want(staticLink(named(dual, "data0"), "10.244.2.1")));

        assertEquals(entries, kernel.entries("data0"));
        assertEquals(2, kernel.addresses("data0").size());
        assertEquals(1, kernel.routes("data0").size());
    }

    @Test
    void theFilterOfALinkOfAnotherKeyPrefixStays() {
        settle(want(filtered(link(NET, peers("10.244.2.1")))));
        Filter filter = kernel.filters().all().getFirst();

        ObservedPod seen = kernel.run(new Script(List.of(), false, new ReportRequest(true, List.of(), List.of())));
        Plan plan = StateDiff.plan("vxlan.openvnf.org", want(), seen, Map.of());

        assertEquals(List.of(), plan.ops());
        assertTrue(kernel.filters().isWhole(filter));
        assertTrue(seen.link("vx0").orElseThrow().alias().startsWith(PREFIX));
    }

    private Outcome.Settled settle(DesiredPod want) {
        return assertInstanceOf(Outcome.Settled.class, agent.settle(want));
    }

    private Outcome.Settled attempt(DesiredPod want) {
        return assertInstanceOf(Outcome.Settled.class, agent.attempt(want, false));
    }
}
