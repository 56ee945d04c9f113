package io.github.kubevxlan.controller.agent.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Refusal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    private static final int LONGEST = 2 << 20;
    private static final int MOST_TIMES = 30;

    private static final String DEVICES = """
        [{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"ifalias":"complete","addr_info":[]},
         {"ifindex":4,"ifname":"vx0","address":"72:78:00:00:00:02","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1450,
          "txqlen":55,"linkinfo":{"info_kind":"vxlan","info_data":{"id":100,"local":"10.0.0.2","link":"eth0","port":8472,
            "learning":false,"tos":"0xb8","ttl":9,"udp_csum":true,"udp_zero_csum6_tx":false}},
          "ifalias":"vxlan.travelping.com/vx0","addr_info":[
           {"family":"inet","local":"192.168.11.2","prefixlen":29,"metric":8472,"scope":"global"},
           {"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}]
        """;

    @Test
    void readsDevicesWithMarksAndOwners() throws MalformedReportException {
        ObservedPod seen = Report.read("@n devices\n" + DEVICES, "n");

        assertTrue(seen.marked());
        assertEquals(
                new ObservedLink(
                        new ObservedLink.Identity("vx0", 4, "vxlan.travelping.com/vx0"),
                        new ObservedLink.Attributes(Optional.of(new Mac("72:78:00:00:00:02")), true, 1450),
                        Optional.of(new Vxlan(
                                new Segment(new Vni(100), new Port(8472)),
                                Optional.of(IpAddr.parse("10.0.0.2")),
                                "eth0",
                                Map.of(
                                        LinkAttribute.TTL, 9,
                                        LinkAttribute.TOS, 184,
                                        LinkAttribute.LEARNING, 0,
                                        LinkAttribute.CHECKSUM, 1,
                                        LinkAttribute.TXQUEUELEN, 55))),
                        List.of(
                                new ObservedAddress(InterfaceAddress.parse("192.168.11.2/29"), true),
                                new ObservedAddress(InterfaceAddress.parse("fe80::1/64"), false))),
                seen.link("vx0").orElseThrow());
    }

    @Test
    void readsRoutesHostRoutesAndDefaultRoutes() throws MalformedReportException {
        ObservedPod seen = Report.read("""
            @n routes
            [{"dst":"192.168.12.0/29","gateway":"192.168.11.1","dev":"vx0","flags":[]},
             {"dst":"192.168.9.9","gateway":"192.168.11.1","dev":"vx0","metric":50},
             {"dst":"default","gateway":"fd00::1","dev":"vx0","metric":1024}]
            """, "n");

        assertEquals(
                List.of(
                        new ObservedRoute(Route.parse("192.168.12.0/29:192.168.11.1"), "vx0", 0),
                        new ObservedRoute(Route.parse("192.168.9.9/32:192.168.11.1"), "vx0", 50),
                        new ObservedRoute(Route.parse("[::/0]:[fd00::1]"), "vx0", 1024)),
                seen.routes());
    }

    @Test
    void showsNamesWithoutWhatNoTerminalShouldGet() throws MalformedReportException {
        String evil = "e\\u001b[2J\\u202e vil";
        ObservedPod seen = Report.read(
                part("devices", "[{\"ifname\":\"" + evil + "\",\"ifindex\":1,\"mtu\":1}]")
                        + part(
                                "routes",
                                "[{\"dst\":\"10.8.0.0/16\",\"gateway\":\"10.0.0.1\",\"dev\":\"" + evil + "\"}]")
                        + part("foreign -4", "[{\"dst\":\"10.8.0.0/16\",\"dev\":\"" + evil + evil + "\"}]"),
                "n");

        assertEquals("e?[2J??vil", seen.links().getFirst().name());
        assertEquals("e?[2J??vil", seen.routes().getFirst().dev());
        assertEquals("e?[2J??vile?[2J", seen.foreign().getFirst().dev(), "no longer than the kernel's");
    }

    @Test
    void readsRoutesOfOthersFromOneListADestination() throws MalformedReportException {
        ObservedPod seen = Report.read("""
            @n foreign -4
            [{"dst":"default","gateway":"10.201.0.1","dev":"eth0"},{"dst":"default","dev":"vx0","protocol":"184"}]
            [ ]
            [{"dst":"192.168.9.9","dev":"eth0","scope":"link","metric":7,"flags":[]}]
            @n foreign -6
            [{"dst":"default","gateway":"fe80::1","dev":"eth0","metric":1024,"flags":[],"pref":"medium"}]
            """, "n");

        assertEquals(
                List.of(
                        new ForeignRoute(Cidr.parse("0.0.0.0/0"), Optional.of(IpAddr.parse("10.201.0.1")), "eth0", 0),
                        new ForeignRoute(Cidr.parse("192.168.9.9/32"), Optional.empty(), "eth0", 7),
                        new ForeignRoute(Cidr.parse("::/0"), Optional.of(IpAddr.parse("fe80::1")), "eth0", 1024)),
                seen.foreign());
    }

    @Test
    void readsOurEntriesAndLeavesOutLearnedAndForeignOnes() throws MalformedReportException {
        ObservedPod seen = Report.read("""
            @n entries vx0
            [{"mac":"00:00:00:00:00:00","dst":"10.0.0.3","flags":["self"],"state":"permanent"},
             {"mac":"72:78:00:00:00:03","dst":"10.0.0.3","flags":["self"],"state":"permanent"},
             {"mac":"72:78:00:00:00:04","dst":"10.0.0.4","flags":["self"],"state":""},
             {"mac":"33:33:00:00:00:01","flags":["self"],"state":"permanent"},
             {"mac":"ce:2a:fb:83:11:45","dst":"10.0.0.4","flags":["self"],"state":"permanent"}]
            @n neighbours vx0
            [{"dst":"fd00::3","lladdr":"72:78:00:00:00:03","state":["PERMANENT"]},
             {"dst":"10.99.0.9","lladdr":"ce:2a:fb:83:11:45","state":["PERMANENT"]}]
            """, "n");

        IpAddr vtep = IpAddr.parse("10.0.0.3");
        Mac mac = new Mac("72:78:00:00:00:03");
        assertEquals(
                new FdbView.Listed(PeerTable.of(List.of(
                        new Entry.Flood(vtep),
                        new Entry.Unicast(mac, vtep),
                        new Entry.Neighbour(IpAddr.parse("fd00::3"), mac)))),
                seen.fdb().get("vx0"));
    }

    @Test
    void keepsWhatProgramsComplainOf() throws MalformedReportException {
        ObservedPod seen =
                Report.read("RTNETLINK answers: File exists\nCommand failed -:3\n@n devices\n" + DEVICES, "n");

        assertEquals(List.of("RTNETLINK answers: File exists", "Command failed -:3"), seen.errors());
    }

    @Test
    void readsWhatFiltersHaveDropped() throws MalformedReportException {
        ObservedPod seen = Report.read("""
            @n filters
            {"nftables": [{"table": {"family": "inet", "name": "kube-vxlan-controller", "handle": 1}},
             {"counter": {"family": "inet", "name": "vni100-port14789-ipv4", "table": "kube-vxlan-controller",
              "handle": 3, "packets": 7, "bytes": 350}},
             {"counter": {"name": "another", "packets": 1, "bytes": 50}}]}
            """, "n");

        assertEquals(
                Map.of(Filter.parse("vni100-port14789-ipv4").orElseThrow(), 7L),
                seen.filters().orElseThrow().dropped());
    }

    private static String caught(int reason) {
        return "{\"elem\": {\"val\": {\"concat\": [\"10.0.0.4\", " + reason + "]}, \"expires\": 3590}}";
    }

    @Test
    void readsWhatMembersMaySendAndWhatWasRefused() throws MalformedReportException {
        Filter filter = Filter.parse("vni1-port1-ipv4").orElseThrow();
        ObservedPod seen = Report.read("""
            @n filters
            {"nftables": [{"table": {"family": "inet", "name": "kube-vxlan-controller", "handle": 1}},
             {"counter": {"name": "vni1-port1-ipv4-arp", "packets": 7, "bytes": 350}},
             {"chain": {"family": "inet", "name": "vni1-port1-ipv4-security", "hook": "input", "prio": 1}}]}
            @n done 0
            @n security
            @n done 0
            @n caught
            {"nftables": [{"set": {"name": "vni1-port1-ipv4-caught", "elem": [%s, %s]}}]}
            @n done 0
            @n entries vx0
            []
            @n done 0
            @n neighbours vx0
            []
            @n done 0
            @n senders vx0
            {"nftables": [{"set": {"name": "vni1-port1-ipv4-exempt", "elem": ["10.0.0.3"]}}]}
            {"nftables": [{"set": {"name": "vni1-port1-ipv4-mac", "elem": [{"concat": ["10.0.0.1", 125859738551044]}]}}]}
            {"nftables": [{"set": {"name": "vni1-port1-ipv4-ipv4", "elem": [{"concat": ["10.0.0.1", 167838211]}]}}]}
            {"nftables": [{"set": {"name": "vni1-port1-ipv4-ipv6", "elem": [{"concat": ["10.0.0.1", "0xfe8f"]}]}}]}
            @n done 0
            """.formatted(caught(3), caught(99)), "n");

        assertTrue(seen.filters().orElseThrow().security().isKnown());
        assertEquals(
                List.of(new RefusedSender(filter, IpAddr.parse("10.0.0.4"), Refusal.ARP, Duration.ofSeconds(10))),
                seen.filters().orElseThrow().security().senders());
        assertEquals(
                Map.of(filter, Map.of(Refusal.ARP, 7L)),
                seen.filters().orElseThrow().security().refused());
        assertEquals(
                Map.of(filter, Security.OFF),
                seen.filters().orElseThrow().security().modes(),
                "without its rules");
        IpAddr vtep = IpAddr.parse("10.0.0.1");
        assertEquals(
                new FdbView.Listed(PeerTable.of(List.of(
                        new Entry.Exempt(filter, IpAddr.parse("10.0.0.3")),
                        new Entry.SenderMac(filter, vtep, new Mac("72:78:01:02:03:04")),
                        new Entry.SenderIp(filter, vtep, IpAddr.parse("10.1.2.3")),
                        new Entry.SenderIp(filter, vtep, IpAddr.parse("::fe8f"))))),
                seen.fdb().get("vx0"));
    }

    @Test
    void readsWhichLinksTakeNoRouterAdvertisementsAndRedirects() throws MalformedReportException {
        ObservedFilters whole = guarded("vx0", "vx0", "vx0", "vx1", "vx1", "vx1");

        assertEquals(List.of("vx0", "vx1"), whole.guard().links());
        assertTrue(whole.guard().isWhole());
    }

    @Test
    void aGuardThatLacksARuleOrHasOneMoreIsNotWhole() throws MalformedReportException {
        assertFalse(guarded("vx0", "vx0").guard().isWhole());
        assertFalse(guarded("vx0", "vx0", "vx0", "vx0").guard().isWhole());
        assertFalse(
                guarded("vx0").guard().isWhole(),
                "a rule for router advertisements, as a script of an older controller made");
    }

    private static ObservedFilters guarded(String... comments) throws MalformedReportException {
        String rules = Stream.of(comments)
                .map(link -> ", {\"rule\": {\"chain\": \"router-advertisements\", \"comment\": \"" + link
                        + "\", \"expr\": [{\"drop\": null}]}}")
                .collect(Collectors.joining("\n"));
        return Report.read("""
            @n filters
            {"nftables": [{"table": {"family": "inet", "name": "kube-vxlan-controller", "handle": 1}},
             {"chain": {"family": "inet", "name": "router-advertisements", "hook": "input", "prio": 0}}%s]}
            """.formatted(rules), "n").filters().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices", "routes", "filters", "without-ipv6", "foreign -4", "digest vx1", "entries vx0"})
    void refusesAReportThatLacksAPartThatWasAskedFor(String part) throws MalformedReportException {
        assertTrue(Report.parse(whole(), "n", ASK).marked());

        String without = whole().replaceFirst("(?s)@n " + part + "\n.*?@n done 0\n", "");
        assertRefused(without, part);
        assertRefused(whole().substring(0, whole().indexOf("@n " + part)), "it is missing or incomplete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices", "routes", "filters", "without-ipv6", "foreign -4", "entries vx0"})
    void refusesAPartWhoseProgramFailed(String part) {
        assertRefused(
                whole().replaceFirst(
                                "(?s)(@n " + part + "\n.*?@n done )0\n",
                                Matcher.quoteReplacement("@n " + part) + "\nsh: 1: Cannot fork\n@n done 2\n"),
                part + " can't be read: it is missing or incomplete: sh: 1: Cannot fork");
    }

    @Test
    void hasNoEntriesOfALinkThatIsNotThere() throws MalformedReportException {
        String output = whole().replaceAll(
                        "(?s)(@n (entries|neighbours) vx0\n).*?@n done 0\n", "$1Cannot find device\n@n done 1\n");

        assertEquals(null, Report.parse(output, "n", ASK).fdb().get("vx0"));
    }

    @Test
    void saysWhatAScriptThatEndedAtOnceComplainedOf() {
        assertRefused(
                "sh: 3: cannot open /dev/shm: No such file\n",
                "devices can't be read: it is missing or incomplete: sh: 3: cannot open /dev/shm");
    }

    /** As where the kernel kills the shell of a pod that has no memory left. */
    @ParameterizedTest
    @EnumSource(names = {"OFF", "ON"})
    void everyCutOfAReportIsRefusedOrSaysTheSame(Security mode) throws MalformedReportException {
        DesiredLink link = Nets.filtered(Nets.link(Nets.secured(Nets.net("vx0", 100), mode), Nets.peers()));
        ReportRequest ask = new ReportRequest(true, ASK.digests(), List.of(link), ASK.destinations(), true);
        String filter = link.filter().orElseThrow().toString();
        String whole = "RTNETLINK answers: File exists\n"
                + part("devices", DEVICES)
                + part("routes", "[{\"dst\":\"192.168.12.0/29\",\"gateway\":\"192.168.11.1\",\"dev\":\"vx0\"}]")
                + part("filters", "{\"nftables\": [{\"table\": {\"name\": \"kube-vxlan-controller\"}}]}")
                + part("without-ipv6", "eth1\ndefault")
                + part("security", "")
                + part(
                        "caught",
                        "{\"nftables\": [{\"set\": {\"name\": \"" + filter + "-caught\", \"elem\": [" + caught(3)
                                + "]}}]}")
                + part("qdiscs", "[]")
                + part("foreign -4", "[{\"dst\":\"192.168.12.0/29\",\"gateway\":\"10.201.0.1\",\"dev\":\"eth0\"}]")
                + part("digest vx1", "0123456789abcdef".repeat(4) + "  -")
                + part(
                        "entries vx0",
                        "[{\"mac\":\"72:78:00:00:00:03\",\"dst\":\"10.0.0.3\",\"flags\":[],\"state\":\"permanent\"}]")
                + part(
                        "neighbours vx0",
                        "[{\"dst\":\"fd00::3\",\"lladdr\":\"72:78:00:00:00:03\",\"state\":[\"PERMANENT\"]}]")
                + part(
                        "admitted vx0",
                        "{\"nftables\": [{\"set\": {\"name\": \"" + filter
                                + "\", \"elem\": [\"10.0.0.3\", \"10.0.0.4\"]}}]}")
                + (mode == Security.OFF
                        ? ""
                        : part(
                                "senders vx0",
                                "{\"nftables\": [{\"set\": {\"name\": \"" + filter
                                        + "-exempt\", \"elem\": [\"10.0.0.3\"]}}]}"));
        ObservedPod all = Report.parse(whole, "n", ask);
        assertEquals(2, all.fdb().size());
        for (int end = 0; end < whole.length(); end++) {
            String cut = whole.substring(0, end);
            try {
                assertEquals(all, Report.parse(cut, "n", ask), () -> "what ends with " + tail(cut));
            } catch (MalformedReportException e) {
                // that is as well
            }
        }
    }

    private static String part(String name, String text) {
        return "@n " + name + "\n" + text + "\n@n done 0\n";
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 100));
    }

    private static final ReportRequest ASK = new ReportRequest(
            true,
            List.of(Nets.link(Nets.net("vx1", 101), Nets.peers())),
            List.of(Nets.link(Nets.net("vx0", 100), Nets.peers())),
            List.of(Cidr.parse("192.168.12.0/29")));

    private static String whole() {
        return "@n devices\n" + DEVICES + "@n done 0\n@n routes\n@n done 0\n@n filters\nnone\n@n done 0\n"
                + "@n without-ipv6\n@n done 0\n@n foreign -4\n[ ]\n@n done 0\n"
                + "@n digest vx1\nsh: sha256sum: not found\n@n done 0\n"
                + "@n entries vx0\n[]\n@n done 0\n@n neighbours vx0\n@n done 0\n";
    }

    private static void assertRefused(String output, String words) {
        MalformedReportException refused =
                assertThrows(MalformedReportException.class, () -> Report.parse(output, "n", ASK));
        assertTrue(String.valueOf(refused.getMessage()).contains(words), refused::toString);
    }

    @Test
    void hasNoDigestWhereTheAgentLacksTheProgram() throws MalformedReportException {
        ObservedPod seen = Report.read("@n digest vx0\nsh: sha256sum: not found\n", "n");

        assertEquals(null, seen.fdb().get("vx0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@n devices\nnot json",
                "@n devices\n[{\"ifname\":\"vx0\"}]",
                "@n devices\n[{\"ifname\":\"vx0\",\"ifindex\":1,\"mtu\":\"big\"}]",
                "@n devices\n"
                    + "[{\"ifname\":\"e\",\"ifindex\":1,\"mtu\":1,\"addr_info\":[{\"local\":\"x\",\"prefixlen\":1}]}]",
                "@n routes\n[{\"dst\":\"10.0.0.1/8\",\"gateway\":\"10.0.0.1\"}]",
                "@n entries vx0\n"
                        + "[{\"mac\":\"00:00:00:00:00:00\",\"state\":\"permanent\",\"dst\":\"10.0.0.3; reboot\"}]",
                "@n entries vx0\n[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                "@n devices\n[] []"
            })
    void refusesWhatTheProgramsNeverPrint(String output) {
        assertThrows(MalformedReportException.class, () -> Report.read(output, "n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "devices | {'ifname':'d','ifindex':1,'mtu':1}",
                "routes | {'dst':'10.8.0.0/16','gateway':'10.0.0.1','dev':'d'}",
                "foreign -4 | {'dst':'10.8.0.0/16','dev':'d'}",
            })
    void refusesMoreOfAKindThanAreRead(String part, String one) throws MalformedReportException {
        String all = IntStream.range(0, ReportBounds.MOST)
                .mapToObj(_ -> one.replace('\'', '"'))
                .collect(Collectors.joining(","));
        Report.read("@n " + part + "\n[" + all + "]", "n");

        MalformedReportException refused = assertThrows(
                MalformedReportException.class,
                () -> Report.read("@n " + part + "\n[" + all + "," + one.replace('\'', '"') + "]", "n"));

        assertTrue(String.valueOf(refused.getMessage()).contains("it has 10001 of them"), refused::toString);
    }

    /** What the controller lets be read at once rests on this. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "x\n", "{},", "[],", "[{}],", "12,", "\"ab\",", "{\"a\":{}},", "@n a\n", "[{}]\n"})
    void whatAnAgentPrintsTakesAFewTimesItsLengthToRead(String part) {
        for (String section : List.of("devices\n[", "entries vx0\n[", "foreign -4\n", "admitted vx0\n[", "x\n")) {
            String output = "@n " + section + part.repeat(LONGEST / part.length());
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                Report.read(output, "n");
            } catch (MalformedReportException e) {
                assertTrue(e.toString().length() < 1000, "a short message");
            }
            double times = (double) (threads.getCurrentThreadAllocatedBytes() - before) / output.length();
            assertTrue(times < MOST_TIMES, () -> section + " allocates " + times + " times its length");
        }
    }

    @Test
    void readsTheLongestListThatIsRight() throws MalformedReportException {
        String entries = IntStream.range(0, 10_000)
                .mapToObj(
                        "{\"mac\":\"00:00:00:00:00:00\",\"dst\":\"fd00::%x\",\"flags\":[\"self\"],\"state\":\"permanent\"}"
                                ::formatted)
                .collect(Collectors.joining(",", "@n entries vx0\n[", "]\n"));

        assertTrue(Report.read(entries, "n").fdb().get("vx0") instanceof FdbView.Listed);
    }
}
