package io.github.kubevxlan.cli.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.state.Difference.Kind;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final String PREFIX = Clusters.SETTINGS.keys().prefix();
    private static final ClusterState CLUSTER = Clusters.of(
            Map.of("vxeth1", "id=101"),
            Clusters.member("one", "10.0.0.1", "vxeth1 ip=10.11.0.1/24 route=10.12.0.0/24:10.11.0.2", ""),
            Clusters.member("two", "10.0.0.2", "vxeth1 ip=10.11.0.2/24", ""));
    private static final Overlay OVERLAY = Overlay.of(CLUSTER);
    private static final DesiredPod WANT =
            OVERLAY.target("one").map(Target::desired).orElseThrow();
    private static final DesiredLink LINK = WANT.links().getFirst();

    private static final Difference RENAMED = new Difference(
            Kind.DIFFERENT, "vxeth1", "the interface is called else0 instead of vxeth1", List.of(Difference.ALL));

    @Test
    void noneWhereTheKernelHoldsWhatItShould() {
        assertEquals(List.of(), between(asWanted()).all());
        assertEquals(List.of(), between(asWanted()).problems());
    }

    @Test
    void missingInterfaceIsOneDifference() {
        ObservedPod seen = asWanted();
        ObservedPod without = new ObservedPod(
                new ObservedPod.Devices(seen.links().subList(0, 1), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                seen.filters(),
                Map.of(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));

        List<Difference> all = between(without).all();

        assertEquals(
                1, all.stream().filter(each -> each.link().equals("vxeth1")).count());
        assertEquals(Kind.MISSING, all.getFirst().kind());
    }

    @Test
    void interfaceThatIsDownHasAnotherMacOrMtu() {
        assertEquals(
                "it is down",
                only(withLink(link -> new ObservedLink(
                        new ObservedLink.Identity(link.name(), 2, link.alias()),
                        new ObservedLink.Attributes(link.mac(), false, link.mtu()),
                        link.vxlan(),
                        link.addresses()))));
        assertTrue(between(withLink(link -> new ObservedLink(
                        new ObservedLink.Identity(link.name(), 2, link.alias()),
                        new ObservedLink.Attributes(Optional.of(new Mac("02:00:00:00:00:01")), true, link.mtu()),
                        link.vxlan(),
                        link.addresses())))
                .all()
                .contains(new Difference(Kind.DIFFERENT, "vxeth1", "its MAC is not " + LINK.mac(), List.of("*"))));
        assertEquals(
                "its MTU is not 1450",
                only(withLink(link -> new ObservedLink(
                        new ObservedLink.Identity(link.name(), 2, link.alias()),
                        new ObservedLink.Attributes(link.mac(), true, 1300),
                        link.vxlan(),
                        link.addresses()))));
    }

    @Test
    void missingAndUnexpectedAddress() {
        Differences missing = between(withLink(link -> new ObservedLink(
                new ObservedLink.Identity(link.name(), 2, link.alias()),
                new ObservedLink.Attributes(link.mac(), true, link.mtu()),
                link.vxlan(),
                List.of())));
        assertEquals(
                List.of(new Difference(Kind.MISSING, "vxeth1", "address 10.11.0.1/24", List.of("10.11.0.1"))),
                missing.all());

        List<ObservedLink.ObservedAddress> more =
                new ArrayList<>(asWanted().link("vxeth1").orElseThrow().addresses());
        more.add(new ObservedLink.ObservedAddress(InterfaceAddress.parse("10.99.0.1/24"), true));
        assertEquals(
                List.of(new Difference(Kind.UNEXPECTED, "vxeth1", "address 10.99.0.1/24", List.of("10.99.0.1"))),
                between(withLink(link -> new ObservedLink(
                                new ObservedLink.Identity(link.name(), 2, link.alias()),
                                new ObservedLink.Attributes(link.mac(), true, link.mtu()),
                                link.vxlan(),
                                more)))
                        .all());
    }

    @Test
    void anotherNameIsOneDifference() {
        assertEquals(List.of(RENAMED), between(renamed(true)).all());
    }

    @Test
    void whatElseIsOtherOnARenamedLinkIsTold() {
        assertEquals(
                List.of(RENAMED, new Difference(Kind.DIFFERENT, "vxeth1", "it is down", List.of(Difference.ALL))),
                between(renamed(false)).all());
    }

    private static ObservedPod renamed(boolean up) {
        return withLink(link -> new ObservedLink(
                new ObservedLink.Identity("else0", 2, link.alias()),
                new ObservedLink.Attributes(link.mac(), up, link.mtu()),
                link.vxlan(),
                link.addresses()));
    }

    @Test
    void missingRoute() {
        ObservedPod seen = asWanted();
        ObservedPod without = new ObservedPod(
                new ObservedPod.Devices(seen.links(), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                seen.filters(),
                seen.fdb(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
        assertEquals("route 10.12.0.0/24:10.11.0.2", only(without));
    }

    @Test
    void missingEntryNamesItsPeer() {
        Entry flood = new Entry.Flood(IpAddr.parse("10.0.0.2"));
        assertEquals(
                "flood entry: to 10.0.0.2 (lab/two)",
                only(withEntries(entries(LINK).stream()
                        .filter(entry -> !entry.equals(flood))
                        .toList())));
    }

    @Test
    void unexpectedEntryIsToldOnlyWhereAllPodsAreKnown() {
        List<Entry> more = new ArrayList<>(entries(LINK));
        more.add(new Entry.Flood(IpAddr.parse("192.0.2.1")));
        ObservedPod seen = withEntries(more);

        assertEquals("flood entry: to 192.0.2.1", only(seen));
        assertEquals(
                List.of(),
                Differences.between(PREFIX, WANT, seen, false, OVERLAY::named).all());
    }

    @Test
    void missingFilter() {
        ObservedPod seen = asWanted();
        ObservedPod without = new ObservedPod(
                new ObservedPod.Devices(seen.links(), Set.of()),
                new ObservedPod.Routing(seen.routes(), List.of()),
                Optional.of(ObservedFilters.NONE),
                seen.fdb(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
        assertTrue(between(without).all().getFirst().what().startsWith("peer filter vni101-"));
    }

    @Test
    void anEntryStopsPacketsOfItsPeer() {
        assertEquals(
                List.of(List.of("10.0.0.2")),
                stops(withEntries(entries(LINK).stream()
                        .filter(entry -> !(entry instanceof Entry.Flood))
                        .toList())));
    }

    @Test
    void oneMoreReceiverStopsNoPackets() {
        List<Entry> more = new ArrayList<>(entries(LINK));
        more.add(new Entry.Flood(IpAddr.parse("192.0.2.1")));

        assertEquals(List.of(List.of()), stops(withEntries(more)));
    }

    @Test
    void anEntryThatLeadsAstrayStopsPacketsOfItsMac() {
        List<Entry> more = new ArrayList<>(entries(LINK));
        more.add(new Entry.Unicast(new Mac("02:00:00:00:00:09"), IpAddr.parse("192.0.2.1")));

        assertEquals(List.of(List.of("02:00:00:00:00:09")), stops(withEntries(more)));
    }

    @Test
    void aRouteStopsPacketsToItsDestination() {
        ObservedPod seen = asWanted();

        assertEquals(
                List.of(List.of("10.12.0.0/24")),
                stops(new ObservedPod(
                        new ObservedPod.Devices(seen.links(), Set.of()),
                        new ObservedPod.Routing(List.of(), List.of()),
                        seen.filters(),
                        seen.fdb(),
                        new ObservedPod.Diagnostics(List.of(), Optional.empty()))));
    }

    private static List<List<String>> stops(ObservedPod seen) {
        return between(seen).all().stream().map(Difference::stops).toList();
    }

    private static String only(ObservedPod seen) {
        List<Difference> all = between(seen).all();
        assertEquals(1, all.size(), all.toString());
        return all.getFirst().what();
    }

    @Test
    void impairmentsAreNamedWhetherMissingOrLeft() {
        DesiredPod impaired =
                WANT.impaired(LINK.name(), new Impairments(Map.of(Impairment.DELAY, 20_000, Impairment.LOSS, 500)));
        ObservedPod left = withLink(link -> link.with(new ObservedQdisc.Ours(Optional.empty())));

        List<Difference> missing = Differences.between(PREFIX, impaired, asWanted(), true, OVERLAY::named)
                .all();

        assertEquals(
                List.of("its impairments are not delay=20ms loss=0.5%"),
                missing.stream().map(Difference::what).toList());
        assertEquals(
                List.of("impairments of vxeth1"),
                between(left).all().stream().map(Difference::what).toList());
    }

    private static Differences between(ObservedPod seen) {
        return Differences.between(PREFIX, WANT, seen, true, OVERLAY::named);
    }

    private static ObservedPod withLink(UnaryOperator<ObservedLink> change) {
        ObservedPod seen = asWanted();
        List<ObservedLink> links = seen.links().stream()
                .map(link -> link.name().equals("vxeth1") ? change.apply(link) : link)
                .toList();
        return new ObservedPod(
                new ObservedPod.Devices(links, Set.of()),
                new ObservedPod.Routing(seen.routes(), List.of()),
                seen.filters(),
                seen.fdb(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }

    private static ObservedPod withEntries(List<Entry> entries) {
        ObservedPod seen = asWanted();
        return new ObservedPod(
                new ObservedPod.Devices(seen.links(), Set.of()),
                new ObservedPod.Routing(seen.routes(), List.of()),
                seen.filters(),
                Map.of("vxeth1", new FdbView.Listed(PeerTable.of(entries))),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }

    private static List<Entry> entries(DesiredLink link) {
        return link.peers().all().stream()
                .filter(entry -> !link.own().contains(entry))
                .toList();
    }

    /** A kernel that holds all that is wanted, with an underlay device of 1500 bytes. */
    private static ObservedPod asWanted() {
        ObservedLink underlay = new ObservedLink(
                new ObservedLink.Identity("eth0", 1, ""),
                new ObservedLink.Attributes(Optional.of(new Mac("02:00:00:00:00:aa")), true, 1500),
                Optional.empty(),
                List.of());
        ObservedLink vxlan = new ObservedLink(
                new ObservedLink.Identity("vxeth1", 2, OwnershipMarkers.alias(PREFIX, "vxeth1")),
                new ObservedLink.Attributes(Optional.of(LINK.mac()), true, 1450),
                Optional.of(
                        new ObservedLink.Vxlan(LINK.network().segment(), Optional.of(LINK.local()), "eth0", Map.of())),
                LINK.network().addresses().stream()
                        .map(address -> new ObservedLink.ObservedAddress(address, true))
                        .toList());
        Filter filter = LINK.filter().orElseThrow();
        return new ObservedPod(
                new ObservedPod.Devices(List.of(underlay, vxlan), Set.of()),
                new ObservedPod.Routing(
                        LINK.network().routes().stream()
                                .map(route -> new ObservedRoute(route, "vxeth1", 0))
                                .toList(),
                        List.of()),
                Optional.of(new ObservedFilters(true, Map.of(filter, true), List.of("vxeth1"))),
                Map.of("vxeth1", new FdbView.Listed(PeerTable.of(entries(LINK)))),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }
}
