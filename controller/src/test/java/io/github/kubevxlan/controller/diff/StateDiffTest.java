package io.github.kubevxlan.controller.diff;

import static io.github.kubevxlan.controller.overlay.Nets.LOCAL;
import static io.github.kubevxlan.controller.overlay.Nets.MAC;
import static io.github.kubevxlan.controller.overlay.Nets.PREFIX;
import static io.github.kubevxlan.controller.overlay.Nets.entries;
import static io.github.kubevxlan.controller.overlay.Nets.filtered;
import static io.github.kubevxlan.controller.overlay.Nets.guarded;
import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.named;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.overIpv6;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.staticLink;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static io.github.kubevxlan.controller.overlay.Nets.withAttributes;
import static io.github.kubevxlan.controller.overlay.Nets.withMetric;
import static io.github.kubevxlan.controller.overlay.Nets.withMtu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateDiffTest {
    private static final IfName VX0 = new IfName("vx0");
    private static final Network NET = net("vx0", 100);
    private static final Filter FILTER = Filter.of(new SegmentKey(new Segment(new Vni(100), new Port(8472)), false));
    private static final Entry PEER = new Entry.Admitted(FILTER, IpAddr.parse("10.244.2.1"));

    private static final int MANY = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObservedPod.Routing NO_ROUTES = new ObservedPod.Routing(List.of(), List.of());

    private final SimulatedKernel kernel = new SimulatedKernel();

    @Test
    void createsAMissingLinkWithMarkAddressesRoutesAndEntriesInOneGo() {
        Network network = with(NET, List.of("192.168.11.2/29"), List.of("192.168.12.0/29:192.168.11.1"));

        Plan plan = plan(want(link(network, peers("10.244.2.1"))), Map.of());

        assertEquals(
                List.of(
                        new NetOp.AddLink(
                                VX0,
                                MAC,
                                new NetOp.Tunnel(new Segment(new Vni(100), new Port(8472)), LOCAL, new IfName("eth0")),
                                1450,
                                true),
                        new NetOp.SetAlias(VX0, PREFIX + "/vx0"),
                        new NetOp.PutAddress(VX0, InterfaceAddress.parse("192.168.11.2/29")),
                        new NetOp.SetUp(VX0, true),
                        new NetOp.AddRoute(VX0, Route.parse("192.168.12.0/29:192.168.11.1"), OptionalInt.empty()),
                        new NetOp.PutEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.2.1")))),
                plan.ops());
        assertTrue(plan.last());
    }

    @Test
    void setsAttributesThatAreOtherThanWantedInPlace() {
        settle(want(link(withAttributes(NET, Map.of(LinkAttribute.TTL, 9, LinkAttribute.TOS, 184)), peers())));
        Network network = withAttributes(NET, Map.of(LinkAttribute.TTL, 9, LinkAttribute.LEARNING, 0));

        Plan plan = plan(want(link(network, peers())), Map.of());

        assertEquals(
                List.of(new NetOp.SetAttributes(
                        VX0,
                        new Segment(new Vni(100), new Port(8472)),
                        Map.of(LinkAttribute.TOS, 0, LinkAttribute.LEARNING, 0))),
                plan.ops());
        settle(want(link(network, peers())));
        assertEquals(List.of(), plan(want(link(network, peers())), Map.of()).ops());
    }

    @Test
    void leavesAttributesToAnAgentThatKnowsThem() {
        settle(want(link(NET, peers())));
        kernel.tellsNoAttributes();
        Network network = withAttributes(NET, Map.of(LinkAttribute.TTL, 9));

        assertEquals(List.of(), plan(want(link(network, peers())), Map.of()).ops());
    }

    @Test
    void setsThoseAttributesThatTheAgentKnows() {
        settle(want(link(NET, peers())));
        kernel.tellsAllAttributesBut(LinkAttribute.TOS);
        Network network = withAttributes(NET, Map.of(LinkAttribute.TTL, 9, LinkAttribute.TOS, 184));

        assertEquals(
                List.of(new NetOp.SetAttributes(
                        VX0, new Segment(new Vni(100), new Port(8472)), Map.of(LinkAttribute.TTL, 9))),
                plan(want(link(network, peers())), Map.of()).ops());
    }

    @Test
    void changesNoChecksumsInPlace() {
        Segment segment = new Segment(new Vni(100), new Port(8472));

        assertThrows(
                IllegalArgumentException.class,
                () -> new NetOp.SetAttributes(VX0, segment, Map.of(LinkAttribute.CHECKSUM, 0)));
    }

    @Test
    void overIpv6PacketsAlwaysHaveChecksums() {
        Network network = withAttributes(NET, Map.of(LinkAttribute.CHECKSUM, 0));
        DesiredLink overIpv6 = overIpv6(network, "fd00:244::1:1");

        NetOp.AddLink added = plan(want(overIpv6), Map.of()).ops().stream()
                .filter(NetOp.AddLink.class::isInstance)
                .map(NetOp.AddLink.class::cast)
                .findFirst()
                .orElseThrow();
        settle(want(overIpv6));

        assertTrue(added.checksum());
        assertEquals(List.of(), plan(want(overIpv6), Map.of()).ops());
    }

    @Test
    void makesALinkAnewForOtherChecksums() {
        settle(want(link(NET, peers("10.244.2.1"))));
        Network network = withAttributes(NET, Map.of(LinkAttribute.CHECKSUM, 0));

        Plan plan = plan(want(link(network, peers("10.244.2.1"))), Map.of());

        assertEquals(new NetOp.DelLink(VX0), plan.ops().getFirst());
        assertEquals(
                new NetOp.AddLink(
                        VX0,
                        MAC,
                        new NetOp.Tunnel(new Segment(new Vni(100), new Port(8472)), LOCAL, new IfName("eth0")),
                        1450,
                        false),
                plan.ops().get(1));
        settle(want(link(network, peers("10.244.2.1"))));
        assertEquals(
                List.of(),
                plan(want(link(network, peers("10.244.2.1"))), Map.of()).ops());
    }

    @Test
    void hasNothingToDoOnceItIsDone() {
        DesiredPod want = want(link(
                with(NET, List.of("192.168.11.2/29", "fd00::2/64"), List.of("192.168.12.0/29:192.168.11.1")),
                peers("10.244.2.1", "10.244.2.2")));

        settle(want);

        assertEquals(List.of(), plan(want, Map.of()).ops());
        assertTrue(plan(want, Map.of()).settled());
    }

    @Test
    void keepsTheLinkWhenOnlyAddressRouteOrMtuChange() {
        settle(want(link(with(NET, List.of("192.168.11.2/29"), List.of()), peers())));
        int before = kernel.ifindex("vx0");

        settle(want(link(
                withMtu(
                        with(NET, List.of("192.168.13.2/24"), List.of("192.168.12.0/29:192.168.13.1")),
                        new Mtu.Fixed(1400)),
                peers())));

        assertEquals(before, kernel.ifindex("vx0"));
        ObservedLink link = kernel.observed().getLast();
        assertEquals(1400, link.mtu());
        assertEquals(
                List.of(new ObservedLink.ObservedAddress(InterfaceAddress.parse("192.168.13.2/24"), true)),
                link.addresses());
    }

    @Test
    void givesRoutesTheKernelsMetricAgainWhenTheirOwnIsTakenBack() {
        Network network = with(
                NET,
                List.of("192.168.11.2/29", "fd00:11::2/64"),
                List.of("192.168.12.0/29:192.168.11.1", "[fd00:12::/64]:[fd00:11::1]"));
        settle(want(link(withMetric(network, OptionalInt.of(7)), peers())));
        assertEquals(Set.of(7L), Set.copyOf(kernel.routes("vx0").values()));

        settle(want(link(network, peers())));
        assertEquals(Set.of(0L, 1024L), Set.copyOf(kernel.routes("vx0").values()));
    }

    @Test
    void recreatesTheLinkWhenItsVniChanges() {
        settle(want(link(NET, peers("10.244.2.1"))));
        int before = kernel.ifindex("vx0");

        settle(want(link(net("vx0", 101), peers("10.244.3.1"))));

        assertTrue(kernel.ifindex("vx0") > before);
        assertEquals(Set.of(IpAddr.parse("10.244.3.1")), kernel.floods("vx0"));
    }

    @Test
    void recreatesTheLinkWhenItsFamilyChanges() {
        settle(want(link(NET, peers("10.244.2.1"))));
        int before = kernel.ifindex("vx0");

        settle(want(overIpv6(NET, "fd00:244::1", "fd00:244::2")));

        assertTrue(kernel.ifindex("vx0") > before);
        assertEquals(1430, kernel.observed().getLast().mtu());
        assertEquals(Set.of(IpAddr.parse("fd00:244::2")), kernel.floods("vx0"));
    }

    @Test
    void keepsTheLinkWhenItsVtepChangesWithinTheFamily() {
        settle(want(overIpv6(NET, "fd00:244::1", "fd00:244::2")));
        int before = kernel.ifindex("vx0");

        settle(want(overIpv6(NET, "fd00:244::9", "fd00:244::2")));

        assertEquals(before, kernel.ifindex("vx0"));
        ObservedLink link = kernel.observed().getLast();
        assertEquals(
                Optional.of(IpAddr.parse("fd00:244::9")),
                link.vxlan().orElseThrow().local());
    }

    @Test
    void hasOneLinkOfAnIdInEachFamily() {
        DesiredPod want = want(link(NET, peers("10.244.2.1")), overIpv6(net("vx1", 100), "fd00:244::1", "fd00:244::2"));

        settle(want);

        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
        assertEquals(Set.of(IpAddr.parse("fd00:244::2")), kernel.floods("vx1"));
    }

    @Test
    void renamesInPlaceWhenOnlyTheNameChanges() {
        settle(want(link(with(NET, List.of("fd00::2/64"), List.of()), peers("10.244.2.1"))));
        int before = kernel.ifindex("vx0");

        DesiredPod renamed =
                want(link(named(with(NET, List.of("fd00::2/64"), List.of()), "data0"), peers("10.244.2.1")));
        settle(renamed);

        assertEquals(before, kernel.ifindex("data0"));
        assertEquals(Set.of("lo", "eth0", "data0"), kernel.names());
        assertTrue(plan(renamed, Map.of()).settled());
    }

    @Test
    void exchangesTwoNames() {
        Network other = net("vx1", 101);
        settle(want(link(NET, peers()), link(other, peers("10.244.2.1"))));

        DesiredPod swapped = want(link(named(NET, "vx1"), peers()), link(named(other, "vx0"), peers("10.244.2.1")));
        settle(swapped);

        assertTrue(plan(swapped, Map.of()).settled());
        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
    }

    @Test
    void takesAwayALinkOfOursThatNothingWants() {
        settle(want(link(NET, peers())));

        settle(want());

        assertEquals(Set.of("lo", "eth0"), kernel.names());
    }

    @Test
    void leavesALinkWhoseDefinitionCannotBeRead() {
        settle(want(link(NET, peers())));

        DesiredPod retained = new DesiredPod(
                List.of(),
                new RetainedLinks(false, Set.of("vx0"), Set.of()),
                List.of(new NetworkProblem("vx0", "broken")));

        assertEquals(List.of(), plan(retained, Map.of()).ops());
    }

    @Test
    void leavesAForeignDeviceAndSaysSo() {
        kernel.foreign("vx0");

        Plan plan = plan(want(link(NET, peers("10.244.2.1"))), Map.of());

        assertEquals(List.of(), plan.ops());
        assertEquals(
                List.of(new NetworkProblem(
                        "vx0", "network vx0: a device vx0 already exists and is not the controller's")),
                plan.problems());
        assertFalse(plan.last());
    }

    @Test
    void doesNothingToADeviceThatSomebodyElseMadeSinceTheReport() {
        DesiredPod want = want(
                link(with(NET, List.of("192.168.11.2/29"), List.of()), peers("10.244.2.1")),
                link(net("vx1", 101), peers("10.244.2.1")));
        Plan plan = plan(want, Map.of());
        kernel.foreign("vx0");
        ObservedLink foreign = kernel.observed().getLast();

        kernel.run(new Script(plan.ops(), true, new ReportRequest(true, want.links(), List.of(), want.destinations())));

        assertEquals(foreign, kernel.observed().get(2));
        assertEquals(Set.of(), kernel.entries("vx0"));
        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx1"), "another network is none the worse");
        assertFalse(kernel.isMarked());
    }

    @Test
    void saysThatTheUnderlayDeviceIsMissing() {
        kernel.delete("eth0");

        Plan plan = plan(want(link(NET, peers())), Map.of());

        assertEquals(
                List.of(new NetworkProblem("vx0", "network vx0: there is no underlay device eth0")), plan.problems());
    }

    @Test
    void saysThatTheMtuIsOverTheUnderlays() {
        Plan plan = plan(want(link(withMtu(NET, new Mtu.Fixed(1451)), peers())), Map.of());

        assertEquals(
                List.of(new NetworkProblem("vx0", "network vx0: mtu 1451 is more than eth0 allows, 1450 bytes")),
                plan.problems());
        assertEquals(List.of(), plan.ops());
    }

    @Test
    void leavesARouteThatSomebodyElseHasToTheSameDestinationAndSaysSo() {
        kernel.handRoute(new ForeignRoute(Cidr.parse("0.0.0.0/0"), Optional.empty(), "eth0", 0));
        Network network = with(
                NET, List.of("192.168.11.2/29"), List.of("0.0.0.0/0:192.168.11.1", "192.168.12.0/29:192.168.11.1"));

        settle(want(link(network, peers())));

        assertEquals(
                Set.of(Route.parse("192.168.12.0/29:192.168.11.1")),
                kernel.routes("vx0").keySet());
        assertEquals(
                List.of(new NetworkProblem(
                        "vx0",
                        "network vx0: route=0.0.0.0/0:192.168.11.1 already exists over eth0 and is not the"
                                + " controller's",
                        Effect.NOT_APPLIED)),
                plan(want(link(network, peers())), Map.of()).problems());

        DesiredPod behind = want(link(withMetric(network, OptionalInt.of(10)), peers()));
        settle(behind);
        assertEquals(2, kernel.routes("vx0").size());
        assertTrue(plan(behind, Map.of()).last());
    }

    @Test
    void doesNotPutARouteBeforeAnothersThatHasAHigherMetric() {
        kernel.handRoute(new ForeignRoute(Cidr.parse("0.0.0.0/0"), Optional.empty(), "eth0", 100));
        Network network = with(NET, List.of("192.168.11.2/29"), List.of("0.0.0.0/0:192.168.11.1"));

        settle(want(link(network, peers())));

        assertEquals(Set.of(), kernel.routes("vx0").keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.244.2.7/16 | - | 192.168.13.2/24 | ip=10.244.2.7/16 covers 10.244.1.1, to which members send VXLAN"
                        + " packets",
                "10.244.2.7/24 | - | 192.168.13.2/24 | ip=10.244.2.7/24 covers 10.244.2.1, to which members send VXLAN"
                        + " packets",
                "192.168.11.2/29 | 10.244.2.0/24:192.168.11.1 | 192.168.11.2/29 | route=10.244.2.0/24:192.168.11.1"
                        + " covers 10.244.2.1, to which members send VXLAN packets",
                "10.1.2.9/30 | - | 192.168.13.2/24 | ip=10.1.2.9/30 overlaps 10.1.0.0/16, the network of eth0",
                "192.168.11.2/29 | 10.0.0.0/8:192.168.11.1 | 192.168.11.2/29 | route=10.0.0.0/8:192.168.11.1 covers"
                        + " 10.244.1.1, to which members send VXLAN packets",
            })
    void leavesAddressesAndRoutesThatWouldCoverTheUnderlayAndSaysSo(
            String ip, String route, String there, String words) {
        kernel.handAddress("eth0", "10.1.2.3/16");
        DesiredPod good = want(link(with(NET, List.of("192.168.13.2/24"), List.of()), peers("10.244.2.1")));
        settle(good);

        Network bad = with(
                NET,
                List.of(ip),
                Stream.of(route).filter(text -> !text.equals("-")).toList());
        DesiredPod covers = want(link(bad, peers("10.244.2.1", "10.244.3.1")));
        settle(covers);

        assertEquals(
                List.of(new NetworkProblem("vx0", "network vx0: " + words, Effect.NOT_APPLIED)),
                plan(covers, Map.of()).problems());
        assertEquals(Set.of(InterfaceAddress.parse(there)), kernel.addresses("vx0"), "what is possible of it");
        assertEquals(
                Set.of(IpAddr.parse("10.244.2.1"), IpAddr.parse("10.244.3.1")),
                kernel.floods("vx0"),
                "its peers are told");
    }

    @Test
    void comparesInFullWhenAPeerComesThatAnAddressCovers() {
        Network network = with(NET, List.of("10.7.0.2/16"), List.of());
        SimulatedAgent agent = SimulatedAgent.of(kernel);
        agent.settle(want(link(network, peers("10.244.2.1"))));

        Outcome outcome = agent.attempt(want(link(network, peers("10.244.2.1", "10.7.9.9"))), false);

        assertEquals(
                List.of(new NetworkProblem(
                        "vx0",
                        "network vx0: ip=10.7.0.2/16 covers 10.7.9.9, to which members send VXLAN packets; it stays"
                                + " because the interface has it already, and no entry leads to a VTEP in it",
                        Effect.NOT_APPLIED)),
                outcome instanceof Outcome.Settled settled ? settled.problems() : List.of());
        assertEquals(Set.of(InterfaceAddress.parse("10.7.0.2/16")), kernel.addresses("vx0"), "what it had stays");
    }

    @Test
    void leavesAnAddressThatSomebodyElseSet() {
        DesiredPod want = want(link(with(NET, List.of("192.168.11.2/29"), List.of()), peers()));
        settle(want);
        kernel.handAddress("vx0", "10.0.0.100/32");

        assertTrue(plan(want, Map.of()).settled());
    }

    @Test
    void asksForTheListWhenADigestTellsNothing() {
        DesiredPod want = want(link(NET, peers("10.244.2.1")));
        settle(want);
        kernel.entries("vx0").add(new Entry.Flood(IpAddr.parse("10.244.9.9")));

        assertEquals(List.of(VX0), plan(want, Map.of()).unlisted());

        settle(want);
        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), new TreeSet<>(kernel.floods("vx0")));
    }

    @Test
    void sendsTheDifferenceAloneWhenTheDigestIsTheOneOfBefore() {
        PeerTable before = peers("10.244.2.1", "10.244.2.2");
        settle(want(link(NET, before)));

        Plan plan = plan(want(link(NET, peers("10.244.2.2", "10.244.2.3"))), Map.of(VX0, before));

        assertEquals(
                List.of(
                        new NetOp.PutEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.2.3"))),
                        new NetOp.DelEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.2.1")))),
                plan.ops());
    }

    @Test
    void tellsMembersOfEachOtherButNotOfThemselves() {
        DesiredPod want = want(staticLink(NET, "10.244.2.1"));

        settle(want);

        assertEquals(Set.copyOf(entries("10.244.2.1")), kernel.entries("vx0"));
        assertEquals(MAC, kernel.mac("vx0"));
        assertTrue(plan(want, Map.of()).settled());
    }

    @Test
    void convertsEntriesInPlaceWhenForwardingChanges() {
        settle(want(link(NET, peers("10.244.2.1"))));
        int before = kernel.ifindex("vx0");

        settle(want(staticLink(NET, "10.244.2.1")));
        assertEquals(Set.copyOf(entries("10.244.2.1")), kernel.entries("vx0"));

        settle(want(link(NET, peers("10.244.2.1"))));
        assertEquals(Set.of(new Entry.Flood(IpAddr.parse("10.244.2.1"))), kernel.entries("vx0"));
        assertEquals(before, kernel.ifindex("vx0"));
    }

    @Test
    void repairsAChangedMacAndTheNeighboursThatItTookAlongInOneGo() {
        DesiredPod want = want(staticLink(NET, "10.244.2.1"));
        settle(want);
        kernel.hand(new NetOp.SetMac(VX0, new Mac("02:00:00:00:00:99")));
        entries("10.244.2.1").forEach(entry -> kernel.hand(new NetOp.PutEntry(VX0, entry)));

        Plan plan = plan(want, Map.of());

        assertEquals(
                List.of(
                        new NetOp.SetMac(VX0, MAC),
                        new NetOp.PutEntry(VX0, entries("10.244.2.1").getLast())),
                plan.ops());
    }

    @Test
    void leavesTheMacOfAFloodedLinkToWhoeverSetIt() {
        settle(want(link(NET, peers())));
        kernel.hand(new NetOp.SetMac(VX0, new Mac("02:00:00:00:00:99")));

        assertTrue(plan(want(link(NET, peers())), Map.of()).settled());
    }

    @Test
    void keepsNeighboursOfALinkThatIsRenamedOrPutDown() {
        settle(want(staticLink(NET, "10.244.2.1")));

        settle(want(staticLink(named(NET, "data0"), "10.244.2.1")));
        assertEquals(Set.copyOf(entries("10.244.2.1")), kernel.entries("data0"));

        kernel.hand(new NetOp.SetUp(new IfName("data0"), false));
        settle(want(staticLink(named(NET, "data0"), "10.244.2.1")));
        assertEquals(Set.copyOf(entries("10.244.2.1")), kernel.entries("data0"));
    }

    @Test
    void movesAnEntryWithoutTakingItAway() {
        Mac mac = new Mac("72:78:00:00:02:01");
        PeerTable before = PeerTable.of(List.of(new Entry.Unicast(mac, IpAddr.parse("10.244.2.1"))));
        PeerTable after = PeerTable.of(List.of(new Entry.Unicast(mac, IpAddr.parse("10.244.2.9"))));

        assertEquals(
                List.of(new NetOp.PutEntry(VX0, after.all().getFirst())),
                EntryDiff.delta(link(NET, after), after.since(before)));
    }

    @Test
    void admitsPeersBeforeTheLinkIsMadeAndClosesTheFilterAfterItIsGone() {
        DesiredPod filtered = want(filtered(link(NET, peers("10.244.2.1"))));
        List<NetOp> made = script(plan(filtered, Map.of()));

        assertEquals(List.of(new NetOp.PutFilter(FILTER), new NetOp.PutEntry(VX0, PEER)), made.subList(0, 2));
        settle(filtered);
        assertEquals(Set.of(PEER), kernel.filters().admitted(FILTER));

        List<NetOp> gone = script(plan(want(), Map.of()));
        assertEquals(List.of(new NetOp.DelLink(VX0), new NetOp.DelFilters()), gone);
        settle(want());
        assertEquals(List.of(), kernel.filters().all());
    }

    @Test
    void restoresAFilterByHandDeletedWithItsPeersInOneGo() {
        DesiredPod filtered = want(filtered(link(NET, peers("10.244.2.1"))));
        settle(filtered);
        kernel.filters().clear();

        assertEquals(
                List.of(new NetOp.PutFilter(FILTER), new NetOp.PutEntry(VX0, PEER)),
                plan(filtered, Map.of()).ops());
        settle(filtered);
        kernel.filters().breakRule(FILTER);
        settle(filtered);
        assertTrue(kernel.filters().isWhole(FILTER));
    }

    @Test
    void setsWhomAFilterAdmitsRightAndLeavesOtherFiltersAlone() {
        DesiredLink second = filtered(link(net("vx1", 101), peers()));
        DesiredPod filtered = want(filtered(link(NET, peers("10.244.2.1"))), second);
        settle(filtered);
        kernel.filters().admitted(FILTER).clear();
        kernel.filters().admitted(FILTER).add(new Entry.Admitted(FILTER, IpAddr.parse("192.0.2.1")));

        settle(filtered);

        assertEquals(Set.of(PEER), kernel.filters().admitted(FILTER));
        settle(want(second));
        assertEquals(List.of(second.filter().orElseThrow()), kernel.filters().all());
    }

    @Test
    void dropsRouterAdvertisementsAndRedirectsOfLinksUnlessTheDefinitionTakesThem() {
        DesiredPod want = want(link(guarded(NET), peers()), link(net("vx1", 101), peers()));
        settle(want);
        assertEquals(List.of("vx0"), kernel.filters().guarded());

        settle(want(link(guarded(named(NET, "data0")), peers()), link(guarded(net("vx1", 101)), peers())));
        assertEquals(List.of("data0", "vx1"), kernel.filters().guarded());

        settle(new DesiredPod(List.of(), new RetainedLinks(false, Set.of("vx1"), Set.of()), List.of()));
        assertEquals(List.of("vx1"), kernel.filters().guarded(), "that of a link that stays as it is stays");

        settle(want());
        assertFalse(kernel.filters().observed().orElseThrow().isThere());
    }

    @Test
    void aGuardThatLacksARuleIsMadeAnew() {
        DesiredPod want = want(link(guarded(NET), peers()));
        settle(want);

        kernel.filters().breakGuard();
        settle(want);

        assertTrue(kernel.filters().guardIsWhole());
    }

    @Test
    void guardsALinkBeforeItIsMade() {
        List<NetOp> made = script(plan(want(link(guarded(NET), peers())), Map.of()));

        assertEquals(new NetOp.SetGuard(List.of(VX0)), made.getFirst());
    }

    @Test
    void takesFiltersAwayThatAreNotWantedAnyMore() {
        settle(want(filtered(link(NET, peers("10.244.2.1")))));

        settle(want(link(NET, peers("10.244.2.1"))));

        assertEquals(List.of(), kernel.filters().all());
        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
    }

    @Test
    void keepsTheFilterOfALinkThatStaysAsItIs() {
        settle(want(filtered(link(NET, peers("10.244.2.1")))));

        settle(new DesiredPod(List.of(), new RetainedLinks(true, Set.of(), Set.of()), List.of()));

        assertTrue(kernel.filters().isWhole(FILTER));
        assertEquals(Set.of(PEER), kernel.filters().admitted(FILTER));
    }

    @Test
    void setsTheNetworkUpWithoutFilterWhereThereIsNoNft() {
        kernel.filters().offer(false);

        Outcome outcome = SimulatedAgent.of(kernel).settle(want(filtered(link(NET, peers("10.244.2.1")))));

        assertTrue(outcome instanceof Outcome.Settled settled && settled.unfiltered(), outcome::toString);
        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
        assertTrue(kernel.isMarked());
    }

    @Test
    void comparesByDigestsWhereThereIsNoNftOnceThatIsKnown() {
        kernel.filters().offer(false);
        SimulatedAgent agent = SimulatedAgent.of(kernel);
        DesiredPod want = want(filtered(link(NET, peers("10.244.2.1"))));
        agent.settle(want);
        agent.scripts.clear();

        Outcome outcome = agent.settle(want);

        assertTrue(outcome instanceof Outcome.Settled settled && settled.unfiltered(), outcome::toString);
        assertEquals(1, agent.scripts.size());
        ReportRequest asked = agent.scripts.getFirst().reportRequest();
        assertEquals(List.of(), asked.lists());
        assertEquals(1, asked.digests().size());
    }

    /** The time is that of so many steps; a list that is searched for each device takes their square. */
    @Test
    void aReportOfManyDevicesAndGuardsTakesNoMoreThanItsLength() {
        settle(want(link(NET, peers())));
        ObservedFilters filters = new ObservedFilters(true, Map.of(), names("guard", 150_000));

        Plan plan = assertTimeoutPreemptively(
                PATIENCE,
                () -> StateDiff.plan(
                        PREFIX, want(link(NET, peers())), reported(devices(MANY), NO_ROUTES, filters), Map.of()));

        assertEquals(List.of(new NetOp.DelFilters()), plan.ops());
    }

    @Test
    void aReportOfManyRoutesTakesNoMoreThanItsLength() {
        Route wanted = Route.parse("192.168.12.0/29:192.168.11.1");
        Network network = with(NET, List.of("192.168.11.2/29"), List.of(wanted.toString()));
        settle(want(link(network, peers())));
        List<ObservedRoute> ours = LongStream.range(0, MANY)
                .mapToObj(metric -> new ObservedRoute(wanted, "vx0", metric + 1))
                .toList();
        List<ForeignRoute> foreign = IntStream.range(0, MANY)
                .mapToObj(i -> new ForeignRoute(
                        wanted.destination(),
                        Optional.empty(),
                        i == MANY - 1 ? "eth0" : "d" + (MANY - 1),
                        i - MANY + 1))
                .toList();

        Plan plan = assertTimeoutPreemptively(
                PATIENCE,
                () -> StateDiff.plan(
                        PREFIX,
                        want(link(network, peers())),
                        reported(devices(MANY), new ObservedPod.Routing(ours, foreign), ObservedFilters.NONE),
                        Map.of()));

        assertEquals(List.of(), plan.ops(), "what another has the destination of stays");
        assertEquals(1, plan.problems().size());
    }

    private ObservedPod reported(List<ObservedLink> more, ObservedPod.Routing routing, ObservedFilters filters) {
        ObservedPod seen = kernel.run(new Script(List.of(), false, new ReportRequest(true, List.of(), List.of())));
        return new ObservedPod(
                new ObservedPod.Devices(
                        Stream.concat(seen.links().stream(), more.stream()).toList(), seen.withoutIpv6()),
                routing,
                Optional.of(filters),
                Map.of("vx0", new FdbView.Listed(PeerTable.NONE)),
                seen.diagnostics());
    }

    private static List<ObservedLink> devices(int count) {
        return names("d", count).stream()
                .map(name -> new ObservedLink(
                        new ObservedLink.Identity(name, 7, PREFIX + "/x"),
                        new ObservedLink.Attributes(Optional.empty(), true, 1500),
                        Optional.empty(),
                        List.of()))
                .toList();
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static List<NetOp> script(Plan plan) {
        return new Script(plan.ops(), false, new ReportRequest(true, List.of(), List.of())).ops();
    }

    private Plan plan(DesiredPod want, Map<IfName, PeerTable> verified) {
        ObservedPod seen = kernel.run(
                new Script(List.of(), false, new ReportRequest(true, want.links(), List.of(), want.destinations())));
        return StateDiff.plan(PREFIX, want, seen, verified);
    }

    private void settle(DesiredPod want) {
        Outcome outcome = SimulatedAgent.of(kernel).settle(want);
        assertTrue(outcome instanceof Outcome.Settled, outcome::toString);
    }
}
