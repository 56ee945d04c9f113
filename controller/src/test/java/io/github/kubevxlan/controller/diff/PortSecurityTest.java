package io.github.kubevxlan.controller.diff;

import static io.github.kubevxlan.controller.overlay.Nets.LOCAL;
import static io.github.kubevxlan.controller.overlay.Nets.MAC;
import static io.github.kubevxlan.controller.overlay.Nets.PREFIX;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.secured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What members may send, in their peers' kernels. */
class PortSecurityTest {
    private static final IfName VX0 = new IfName("vx0");
    private static final Network NET = net("vx0", 100);
    private static final Filter FILTER = Filter.of(SegmentKey.of(NET, LOCAL));
    private static final List<Entry> FIRST = senders(1);

    private final SimulatedKernel kernel = new SimulatedKernel();

    @Test
    void aMembersMacAndAddressesAreLetThroughBeforeAnyEntryPointsAtIt() {
        List<NetOp> ops = new Script(
                        plan(want(Security.ON, 1)).ops(), false, new ReportRequest(true, List.of(), List.of()))
                .ops();

        List<NetOp> first = new ArrayList<>(List.of(
                new NetOp.PutFilter(FILTER),
                new NetOp.PutEntry(VX0, new Entry.Admitted(FILTER, vtep(1))),
                new NetOp.PutSecurity(FILTER, Security.ON)));
        new TreeSet<>(FIRST).forEach(entry -> first.add(new NetOp.PutEntry(VX0, entry)));
        assertEquals(first, ops.subList(0, first.size()));
        assertInstanceOf(NetOp.AddLink.class, ops.get(first.size()));
    }

    @Test
    void itIsSetUpFollowsItsModeAndGoesAsAWhole() {
        settle(want(Security.LOG, 1));
        assertEquals(Security.LOG, kernel.filters().security(FILTER));
        assertEquals(Set.copyOf(FIRST), kernel.filters().senders(FILTER));

        settle(want(Security.ON, 1));
        assertEquals(Security.ON, kernel.filters().security(FILTER));
        assertEquals(Set.copyOf(FIRST), kernel.filters().senders(FILTER));

        settle(want(Security.OFF, 1));
        assertEquals(Security.OFF, kernel.filters().security(FILTER));
        assertTrue(kernel.filters().isWhole(FILTER), "the peer filter stays");
    }

    @Test
    void itIsSwitchedOnTogetherWithWhatMembersMaySend() {
        settle(want(Security.OFF, 1));

        List<NetOp> ops = plan(want(Security.ON, 1)).ops();

        List<NetOp> wanted = new ArrayList<>(List.of(new NetOp.PutSecurity(FILTER, Security.ON)));
        FIRST.forEach(entry -> wanted.add(new NetOp.PutEntry(VX0, entry)));
        assertEquals(Set.copyOf(wanted), Set.copyOf(ops));
    }

    @Test
    void oneMoreMemberCostsItsOwnElementsAlone() {
        DesiredPod before = want(Security.ON, 1);
        DesiredPod after = want(Security.ON, 1, 2);

        assertTrue(IncrementalUpdate.suffices(before, after));
        List<NetOp> ops = IncrementalUpdate.between(before, after).script().ops();
        Set<NetOp> expected = new HashSet<>();
        senders(2).forEach(entry -> expected.add(new NetOp.PutEntry(VX0, entry)));
        expected.add(new NetOp.PutEntry(VX0, new Entry.Admitted(FILTER, vtep(2))));
        expected.add(new NetOp.PutEntry(VX0, new Entry.Flood(vtep(2))));
        assertEquals(expected, Set.copyOf(ops));
        assertInstanceOf(Entry.Flood.class, ((NetOp.PutEntry) ops.getLast()).entry());
        assertEquals(
                NetOp.Phase.CLOSE,
                new NetOp.DelEntry(VX0, FIRST.getFirst()).phase(),
                "what it may send goes after its entries");
    }

    @Test
    void whatSomebodyChangedIsPutRight() {
        DesiredPod want = want(Security.ON, 1, 2);
        settle(want);
        Set<Entry> whole = Set.copyOf(kernel.filters().senders(FILTER));
        kernel.filters().senders(FILTER).removeIf(entry -> entry.key().endsWith("-mac"));
        kernel.filters().senders(FILTER).add(new Entry.Exempt(FILTER, IpAddr.parse("192.0.2.1")));

        settle(want);

        assertEquals(whole, kernel.filters().senders(FILTER));
        kernel.filters().clear();
        settle(want);
        assertEquals(whole, kernel.filters().senders(FILTER));
    }

    @Test
    void anOlderAgentHasEverythingElse() {
        kernel.filters().offerSecurity(false);

        Outcome outcome = SimulatedAgent.of(kernel).settle(want(Security.ON, 1));

        assertEquals(
                Optional.of(FilterSupport.NO_SECURITY),
                outcome instanceof Outcome.Settled settled ? Optional.of(settled.support()) : Optional.empty());
        assertEquals(Set.of(vtep(1)), kernel.floods("vx0"));
        assertTrue(kernel.filters().isWhole(FILTER));
        assertTrue(kernel.isMarked());
    }

    @Test
    void thatOfALinkThatStaysAsItIsStays() {
        settle(want(Security.ON, 1));

        settle(new DesiredPod(List.of(), new RetainedLinks(true, Set.of(), Set.of()), List.of()));

        assertEquals(Security.ON, kernel.filters().security(FILTER));
        settle(DesiredPod.NONE);
        assertFalse(kernel.filters().observed().orElseThrow().isThere());
    }

    @Test
    void theMacThatPeersCheckIsSetAlsoWhereFramesAreFlooded() {
        Mac ofApp = new Mac("02:00:00:00:00:09");
        for (Security mode : List.of(Security.ON, Security.OFF)) {
            settle(want(mode, 1));
            kernel.run(new Script(
                    List.of(new NetOp.SetMac(VX0, ofApp)), false, new ReportRequest(false, List.of(), List.of())));

            settle(want(mode, 1));

            assertEquals(mode == Security.ON ? MAC : ofApp, kernel.mac("vx0"));
        }
    }

    private Plan plan(DesiredPod want) {
        return StateDiff.plan(
                PREFIX,
                want,
                kernel.run(new Script(List.of(), false, new ReportRequest(true, want.links(), List.of()))),
                Map.of());
    }

    private void settle(DesiredPod want) {
        Outcome outcome = SimulatedAgent.of(kernel).settle(want);
        assertInstanceOf(Outcome.Settled.class, outcome, outcome::toString);
    }

    private static DesiredPod want(Security mode, int... peers) {
        List<Entry> own = entries(LOCAL, MAC, mode);
        List<Entry> all = new ArrayList<>(own);
        for (int peer : peers) {
            all.addAll(entries(vtep(peer), mac(peer), mode));
        }
        DesiredLink link = new DesiredLink(
                secured(NET, mode), new DesiredLink.Vtep(LOCAL, MAC), PeerTable.of(all), own, Optional.of(FILTER));
        return new DesiredPod(List.of(link), RetainedLinks.NOTHING, List.of());
    }

    private static List<Entry> entries(IpAddr vtep, Mac mac, Security mode) {
        Stream<Entry> reachable = Stream.of(new Entry.Flood(vtep), new Entry.Admitted(FILTER, vtep));
        return mode == Security.OFF
                ? reachable.toList()
                : Stream.concat(reachable, senders(vtep, mac).stream()).toList();
    }

    private static List<Entry> senders(int peer) {
        return senders(vtep(peer), mac(peer));
    }

    private static List<Entry> senders(IpAddr vtep, Mac mac) {
        return List.of(
                new Entry.SenderMac(FILTER, vtep, mac), new Entry.SenderIp(FILTER, vtep, IpAddr.parse("10.9.0.7")));
    }

    private static IpAddr vtep(int peer) {
        return IpAddr.parse("10.244.2." + peer);
    }

    private static Mac mac(int peer) {
        return new Mac("72:78:00:00:01:0" + peer);
    }
}
