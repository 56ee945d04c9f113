package io.github.kubevxlan.controller.agent.shell;

import static io.github.kubevxlan.controller.overlay.Nets.MAC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptBuilderTest {
    private static final IfName VX0 = new IfName("vx0");
    private static final Mac OTHER = new Mac("72:78:00:00:00:03");
    private static final Entry FLOOD = new Entry.Flood(IpAddr.parse("10.244.2.1"));
    private static final Entry UNICAST = new Entry.Unicast(OTHER, IpAddr.parse("10.244.2.1"));
    private static final Entry NEIGHBOUR = new Entry.Neighbour(IpAddr.parse("fd00::3"), OTHER);
    private static final DesiredLink LINK = Nets.link(Nets.net("vx0", 100), Nets.peers("10.244.2.1"));
    private static final Segment SEGMENT = new Segment(new Vni(100), new Port(8472));
    private static final Entry ADMITTED =
            new Entry.Admitted(Filter.of(new SegmentKey(SEGMENT, false)), IpAddr.parse("10.244.2.1"));
    private static final String STRANGER =
            "ip6 saddr != @vni100-port8472-ipv6 counter name \"vni100-port8472-ipv6\" drop"
                    + " comment \"vni100-port8472-ipv6\"";

    @Test
    void anInspectionTakesNoLockAndSetsNothing() {
        List<String> lines = ScriptBuilder.inspection(new ReportRequest(true, List.of(), List.of(LINK)), "n1")
                .lines()
                .dropWhile(line -> !line.equals("("))
                .toList();

        assertTrue(lines.contains("echo \"@n1 entries vx0\"; $bridge -j fdb show dev vx0 state permanent"));
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("fence") || line.contains(" alias ")));
        assertEquals(") </dev/null 2>&1; echo \"@n1 end $?\"; exit 0", lines.getLast());
    }

    @Test
    void printsWhatWasThereThenWhatIsMadeThenTheMarkThenTheReport() {
        Script script = new Script(
                List.of(
                        new NetOp.DelLink(new IfName("vx9")),
                        new NetOp.AddLink(
                                VX0, MAC, new NetOp.Tunnel(SEGMENT, Nets.LOCAL, new IfName("eth0")), 1450, false),
                        new NetOp.SetAlias(VX0, "vxlan.travelping.com/vx0"),
                        new NetOp.PutAddress(VX0, InterfaceAddress.parse("192.168.11.2/29")),
                        new NetOp.PutAddress(VX0, InterfaceAddress.parse("fd00::2/64")),
                        new NetOp.SetUp(VX0, true),
                        new NetOp.AddRoute(VX0, Route.parse("192.168.12.0/29:192.168.11.1"), OptionalInt.of(50)),
                        new NetOp.SetMac(VX0, MAC),
                        new NetOp.SetMtu(new IfName("vx2"), 1400),
                        new NetOp.SetAttributes(
                                new IfName("vx2"),
                                SEGMENT,
                                Map.of(
                                        LinkAttribute.TTL, 9,
                                        LinkAttribute.TOS, 1,
                                        LinkAttribute.LEARNING, 0,
                                        LinkAttribute.TXQUEUELEN, 55)),
                        new NetOp.SetAttributes(new IfName("vx2"), SEGMENT, Map.of(LinkAttribute.TXQUEUELEN, 1000)),
                        new NetOp.SetAttributes(new IfName("vx2"), SEGMENT, Map.of(LinkAttribute.TOS, 184)),
                        new NetOp.PutEntry(new IfName("vx2"), FLOOD),
                        new NetOp.PutEntry(VX0, FLOOD),
                        new NetOp.PutEntry(VX0, UNICAST),
                        new NetOp.PutEntry(VX0, NEIGHBOUR),
                        new NetOp.DelEntry(VX0, FLOOD),
                        new NetOp.DelEntry(VX0, UNICAST),
                        new NetOp.DelEntry(VX0, NEIGHBOUR),
                        new NetOp.DelEntry(VX0, ADMITTED),
                        new NetOp.DelFilter(Filter.of(new SegmentKey(SEGMENT, false))),
                        new NetOp.PutFilter(Filter.of(new SegmentKey(SEGMENT, true))),
                        new NetOp.PutEntry(VX0, ADMITTED)),
                true,
                new ReportRequest(
                        true,
                        List.of(LINK),
                        List.of(Nets.filtered(Nets.link(Nets.net("vx1", 101), Nets.peers()))),
                        List.of(Cidr.parse("192.168.12.0/29"), Cidr.parse("0.0.0.0/0"), Cidr.parse("fd00:12::/64"))));

        assertEquals(
                """
                [ -n "$nft" ] || probe
                (
                fence 7 3 || { echo "@n1 fenced $? ${epoch:-0}"; exit 1; }
                rc=0
                $nft -f - <<'@n1' || rc=1
                add table inet kube-vxlan-controller
                add set inet kube-vxlan-controller vni100-port8472-ipv6 { type ipv6_addr; }
                add counter inet kube-vxlan-controller vni100-port8472-ipv6
                add chain inet kube-vxlan-controller vni100-port8472-ipv6 { type filter hook input priority 0; }
                flush chain inet kube-vxlan-controller vni100-port8472-ipv6
                RULE udp dport 8472 @th,96,24 100 STRANGER
                RULE udp dport 8472 @th,120,8 >= 0 accept comment "vni100-port8472-ipv6"
                RULE udp dport 8472 frag more-fragments 1 STRANGER
                add element inet kube-vxlan-controller vni100-port8472-ipv4 { 10.244.2.1 }
                @n1
                $ip -force -batch - <<'@n1' || rc=1
                link del dev vx9
                link set dev vx2 mtu 1400
                link set dev vx2 txqueuelen 55 type vxlan id 100 ttl 9 tos inherit nolearning
                link set dev vx2 txqueuelen 1000
                link set dev vx2 type vxlan id 100 tos 0xb8
                @n1
                $bridge -force -batch - <<'@n1' || rc=1
                fdb append 00:00:00:00:00:00 dev vx2 dst 10.244.2.1
                @n1
                made=1
                [ -z "$made" ] || $ip -batch - <<'@n1' || { rc=1; made=; }
                link add name vx0 address 72:78:00:00:00:01 mtu 1450 type vxlan id 100 local 10.244.1.1 dev eth0 dstport 8472 noudpcsum
                link set dev vx0 alias vxlan.travelping.com/vx0
                addr replace 192.168.11.2/29 dev vx0 metric 8472
                addr replace fd00::2/64 dev vx0 metric 8472 nodad
                link set dev vx0 up
                route add 192.168.12.0/29 via 192.168.11.1 dev vx0 proto 184 metric 50
                link set dev vx0 address 72:78:00:00:00:01
                neigh replace fd00::3 lladdr 72:78:00:00:00:03 dev vx0 nud permanent
                neigh del fd00::3 dev vx0
                @n1
                [ -z "$made" ] || $bridge -force -batch - <<'@n1' || rc=1
                fdb append 00:00:00:00:00:00 dev vx0 dst 10.244.2.1
                fdb replace 72:78:00:00:00:03 dev vx0 dst 10.244.2.1
                fdb del 00:00:00:00:00:00 dev vx0 dst 10.244.2.1
                fdb del 72:78:00:00:00:03 dev vx0 dst 10.244.2.1
                @n1
                $nft -f - <<'@n1' || rc=1
                add element inet kube-vxlan-controller vni100-port8472-ipv4 { 10.244.2.1 }
                delete element inet kube-vxlan-controller vni100-port8472-ipv4 { 10.244.2.1 }
                add table inet kube-vxlan-controller
                add chain inet kube-vxlan-controller vni100-port8472-ipv4 { type filter hook input priority 0; }
                flush chain inet kube-vxlan-controller vni100-port8472-ipv4
                delete chain inet kube-vxlan-controller vni100-port8472-ipv4
                add set inet kube-vxlan-controller vni100-port8472-ipv4 { type ipv4_addr; }
                delete set inet kube-vxlan-controller vni100-port8472-ipv4
                add counter inet kube-vxlan-controller vni100-port8472-ipv4
                delete counter inet kube-vxlan-controller vni100-port8472-ipv4
                @n1
                [ $rc != 0 ] || $ip link set dev lo alias 'complete 7 3'
                echo "@n1 devices"; $ip -d -j addr show
                echo "@n1 done $?"
                echo "@n1 routes"; $ip -j route show table all proto 184
                echo "@n1 done $?"
                echo "@n1 filters"; filters
                echo "@n1 done $?"
                echo "@n1 without-ipv6"; without_ipv6
                echo "@n1 done $?"
                echo "@n1 foreign -4"; $ip -4 -j -force -batch - <<'@n1'
                route show table main exact 192.168.12.0/29
                route show table main exact 0.0.0.0/0
                @n1
                echo "@n1 done $?"
                echo "@n1 foreign -6"; ip6 -j -force -batch - <<'@n1'
                route show table main exact fd00:12::/64
                @n1
                echo "@n1 done $?"
                echo "@n1 digest vx0"; digest vx0 - '00:00:00:00:00:00 10.244.1.1'
                echo "@n1 done $?"
                echo "@n1 entries vx1"; $bridge -j fdb show dev vx1 state permanent
                echo "@n1 done $?"
                echo "@n1 neighbours vx1"; $ip -j neigh show dev vx1 nud permanent
                echo "@n1 done $?"
                echo "@n1 admitted vx1"; $nft -j list set inet kube-vxlan-controller vni101-port8472-ipv4 2>/dev/null
                echo "@n1 done $?"
                ) </dev/null 2>&1; rc=$?; echo "@n1 end $rc"
                """.replace("RULE", "add rule inet kube-vxlan-controller vni100-port8472-ipv6")
                        .replace("STRANGER", STRANGER),
                ScriptBuilder.print(script, "n1", new FencingToken(7, 3)));
    }

    @Test
    void printsIpv6VtepsInTheFormThatTheProgramsPrint() {
        IpAddr local = IpAddr.parse("fd00:0244:0:0:0:0:0001:000A");
        DesiredLink link = Nets.overIpv6(Nets.net("vx0", 100), "fd00:244::1:a", "fd00:244::2:0:b");
        Script script = new Script(
                List.of(
                        new NetOp.AddLink(VX0, MAC, new NetOp.Tunnel(SEGMENT, local, new IfName("eth0")), 1430, true),
                        new NetOp.SetUnderlay(VX0, SEGMENT, local, new IfName("eth0")),
                        new NetOp.PutEntry(VX0, new Entry.Flood(IpAddr.parse("fd00:244::2:0:b"))),
                        new NetOp.PutEntry(VX0, new Entry.Unicast(OTHER, IpAddr.parse("fd00:244:0:0:2::b")))),
                false,
                new ReportRequest(false, List.of(link), List.of()));

        assertEquals("""
            (
            fence 7 3 || { echo "@n1 fenced $? ${epoch:-0}"; exit 1; }
            rc=0
            made=1
            [ -z "$made" ] || $ip -batch - <<'@n1' || { rc=1; made=; }
            link add name vx0 address 72:78:00:00:00:01 mtu 1430 type vxlan id 100 local fd00:244::1:a dev eth0 dstport 8472
            link set dev vx0 type vxlan id 100 local fd00:244::1:a dev eth0
            @n1
            [ -z "$made" ] || $bridge -force -batch - <<'@n1' || rc=1
            fdb append 00:00:00:00:00:00 dev vx0 dst fd00:244::2:0:b
            fdb replace 72:78:00:00:00:03 dev vx0 dst fd00:244::2:0:0:b
            @n1
            echo "@n1 digest vx0"; digest vx0 - '00:00:00:00:00:00 fd00:244::1:a'
            echo "@n1 done $?"
            ) </dev/null 2>&1; rc=$?; echo "@n1 end $rc"
            """, ScriptBuilder.print(script, "n1", new FencingToken(7, 3)));
    }

    @Test
    void printsNoBatchWithoutChanges() {
        Script script = new Script(List.of(), false, new ReportRequest(false, List.of(LINK), List.of()));

        assertEquals("""
            (
            fence 7 3 || { echo "@n1 fenced $? ${epoch:-0}"; exit 1; }
            rc=0
            echo "@n1 digest vx0"; digest vx0 - '00:00:00:00:00:00 10.244.1.1'
            echo "@n1 done $?"
            ) </dev/null 2>&1; rc=$?; echo "@n1 end $rc"
            """, ScriptBuilder.print(script, "n1", new FencingToken(7, 3)));
    }

    @Test
    void guardsLinksByThreeRulesEach() {
        String chain = "inet kube-vxlan-controller router-advertisements";
        String set = ScriptBuilder.print(
                new Script(
                        List.of(new NetOp.SetGuard(List.of(VX0))),
                        false,
                        new ReportRequest(false, List.of(), List.of())),
                "n1",
                new FencingToken(7, 3));
        String none = ScriptBuilder.print(
                new Script(
                        List.of(new NetOp.SetGuard(List.of())), false, new ReportRequest(false, List.of(), List.of())),
                "n1",
                new FencingToken(7, 3));

        assertTrue(
                set.contains("flush chain " + chain
                        + Stream.of("icmpv6 type nd-router-advert", "icmpv6 type nd-redirect", "icmp type redirect")
                                .map(what -> "\nadd rule " + chain + " iifname \"vx0\" " + what
                                        + " counter drop comment \"vx0\"")
                                .collect(Collectors.joining())
                        + "\n@n1\n"),
                set);
        assertTrue(none.contains("flush chain " + chain + "\ndelete chain " + chain + "\n@n1\n"), none);
    }

    @Test
    void qdiscsGoToTcAfterIpAndARefusedOneHindersNothing() {
        Qdisc rate = new Qdisc(new Impairments(Map.of(Impairment.RATE, 8)), 1000);
        Script script = new Script(
                List.of(
                        new NetOp.AddLink(
                                VX0, MAC, new NetOp.Tunnel(SEGMENT, Nets.LOCAL, new IfName("eth0")), 1450, true),
                        new NetOp.PutQdisc(VX0, rate),
                        new NetOp.PutEntry(VX0, FLOOD),
                        new NetOp.DelQdisc(new IfName("vx2")),
                        new NetOp.PutQdisc(new IfName("vx2"), rate)),
                false,
                new ReportRequest(true, List.of(), List.of(), List.of(), true));

        String text = ScriptBuilder.print(script, "n1", new FencingToken(7, 3));

        assertTrue(text.contains("""
            del_qdisc vx2 || rc=1
            put_qdisc vx2 185: tbf rate 8kbit burst 16384 limit 32768 || rc=1
            made=1
            """), text);
        assertTrue(text.contains("""
            @n1
            [ -z "$made" ] || put_qdisc vx0 185: tbf rate 8kbit burst 16384 limit 32768 || rc=1
            [ -z "$made" ] || $bridge -force\
            """), text);
        assertTrue(text.contains("\nrc=0\n" + TcQdisc.FUNCTIONS), text);
        assertTrue(text.contains("echo \"@n1 qdiscs\"; qdiscs\n"), text);
    }

    @Test
    void renamesBeforeAnythingElseIsDoneToTheLink() {
        Script script = new Script(
                List.of(
                        new NetOp.Rename(new IfName("vx9"), VX0),
                        new NetOp.SetAlias(VX0, "vxlan.travelping.com/vx0"),
                        new NetOp.PutEntry(VX0, FLOOD)),
                false,
                new ReportRequest(false, List.of(), List.of()));

        assertEquals("""
            (
            fence 7 3 || { echo "@n1 fenced $? ${epoch:-0}"; exit 1; }
            rc=0
            made=1
            rename vx9 vx0 || { rc=1; made=; }
            [ -z "$made" ] || $ip -batch - <<'@n1' || { rc=1; made=; }
            link set dev vx0 alias vxlan.travelping.com/vx0
            @n1
            [ -z "$made" ] || $bridge -force -batch - <<'@n1' || rc=1
            fdb append 00:00:00:00:00:00 dev vx0 dst 10.244.2.1
            @n1
            ) </dev/null 2>&1; rc=$?; echo "@n1 end $rc"
            """, ScriptBuilder.print(script, "n1", new FencingToken(7, 3)));
    }

    @Test
    void endsTheAgentOnlyAfterItsAnswerAndNotIfALaterLeaderWasThere() {
        assertEquals("""
            (
            fence 7 3 || { echo "@n1 fenced $? ${epoch:-0}"; exit 1; }
            rc=0
            ) </dev/null 2>&1; rc=$?; echo "@n1 end $rc"
            [ $rc != 0 ] || for process in /proc/[0-9]*; do
            [ $process/ns/mnt -ef /proc/self/ns/mnt ] && read -r name <$process/comm && [ "$name" = agent ] &&
            kill "${process#/proc/}"
            done
            """, ScriptBuilder.print(Script.END, "n1", new FencingToken(7, 3)));
    }
}
