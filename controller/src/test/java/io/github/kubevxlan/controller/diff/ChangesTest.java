package io.github.kubevxlan.controller.diff;

import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.named;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static io.github.kubevxlan.controller.overlay.Nets.withAttributes;
import static io.github.kubevxlan.controller.overlay.Nets.withMtu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.diff.Change.Action;
import io.github.kubevxlan.controller.diff.Change.Kind;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final Network NET = net("vx0", 100);
    private static final Script ASKING = new Script(List.of(), false, new ReportRequest(true, List.of(), List.of()));
    private static final IfName VX0 = new IfName("vx0");

    private final SimulatedKernel kernel = new SimulatedKernel();
    private final SimulatedAgent agent = SimulatedAgent.of(kernel);

    @Test
    void whatIsNewGoesWithoutSayingWhatIsOnIt() {
        Network network = with(NET, List.of("192.168.11.2/29"), List.of("192.168.12.0/29:192.168.11.1"));

        assertEquals(
                List.of(new Change(Kind.LINK, Action.CREATED, Optional.of("vx0"), false, "created vx0")),
                settle(want(link(network, peers("10.244.2.1")))));
    }

    @Test
    void whatCanNotBeChangedInPlaceIsRecreatedAndSaysWhy() {
        settle(want(link(NET, peers())));

        assertEquals(
                List.of(new Change(
                        Kind.LINK, Action.RECREATED, Optional.of("vx0"), false, "recreated vx0: id 100, wanted 101")),
                settle(want(link(net("vx0", 101), peers()))));
        assertEquals(
                List.of("recreated vx0: checksum true, wanted false"),
                sentences(want(link(withAttributes(net("vx0", 101), Map.of(LinkAttribute.CHECKSUM, 0)), peers()))));
    }

    @Test
    void aLinkUnderAnotherNameIsRecreatedToo() {
        settle(want(link(NET, peers())));

        assertEquals(
                List.of("recreated other: name vx0, wanted other; id 100, wanted 101"),
                sentences(want(link(named(net("vx0", 101), "other"), peers()))));
    }

    @Test
    void whatSomebodyElseChangedIsARepair() {
        DesiredPod want =
                want(link(with(NET, List.of("192.168.11.2/29"), List.of()), peers("10.244.2.1", "10.244.2.2")));
        settle(want);
        kernel.mtu("vx0", 1400);
        kernel.hand(new NetOp.SetUp(VX0, false));
        kernel.hand(new NetOp.DelEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.2.1"))));
        kernel.hand(new NetOp.PutEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.9.9"))));
        kernel.hand(new NetOp.DelEntry(VX0, new Entry.Flood(IpAddr.parse("10.244.2.2"))));

        List<Change> changes = settle(want);

        assertEquals(
                List.of("vx0: mtu 1400, wanted 1450", "vx0: down, wanted up", "vx0: FDB entries: 2 added, 1 removed"),
                changes.stream().map(Change::sentence).toList());
        assertTrue(changes.stream().allMatch(Change::isRepair));
        kernel.delete("vx0");
        assertEquals(
                List.of(new Change(
                        Kind.LINK, Action.RECREATED, Optional.of("vx0"), true, "recreated vx0: it was gone")),
                settle(want));
    }

    @Test
    void whatAnEditChangesIsNoRepair() {
        settle(want(link(NET, peers()), link(net("vx1", 101), peers())));
        Network edited = withAttributes(
                withMtu(with(NET, List.of("192.168.11.2/29"), List.of()), new Mtu.Fixed(1300)),
                Map.of(LinkAttribute.TTL, 9));

        List<Change> changes = settle(want(link(edited, peers())));

        assertEquals(
                List.of(
                        "removed vx1: none of the pod's networks has it",
                        "vx0: ttl=0, wanted ttl=9",
                        "vx0: mtu 1450, wanted 1300",
                        "vx0: added address 192.168.11.2/29"),
                changes.stream().map(Change::sentence).toList());
        assertTrue(changes.stream().noneMatch(Change::isRepair));
    }

    @Test
    void peersThatComeAndGoAreCounted() {
        settle(want(link(NET, peers("10.244.2.1"))));

        assertEquals(
                List.of("vx0: FDB entries: 2 added, 1 removed"),
                agent.attempt(want(link(NET, peers("10.244.2.2", "10.244.2.3"))), false).changes().stream()
                        .map(Change::sentence)
                        .toList());
    }

    /** An agent of a user's own may report any number of devices. */
    @Test
    void whatGoesBeyondAHundredIsCounted() {
        List<NetOp> ops = IntStream.range(0, 250)
                .<NetOp>mapToObj(i -> new NetOp.DelLink(new IfName("vx" + i)))
                .toList();

        List<Change> changes = Changes.of(ops, want(), kernel.run(ASKING), false);

        assertEquals(101, changes.size());
        assertEquals("and 150 more operations", changes.getLast().sentence());
    }

    private List<Change> settle(DesiredPod want) {
        return agent.settle(want).changes();
    }

    private List<String> sentences(DesiredPod want) {
        return settle(want).stream().map(Change::sentence).toList();
    }
}
