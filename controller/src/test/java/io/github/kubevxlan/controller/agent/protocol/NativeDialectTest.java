package io.github.kubevxlan.controller.agent.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.Exchange;
import io.github.kubevxlan.controller.agent.FencedException;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.Greeting;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.Refusal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeDialectTest {
    private static final String PATH_TOKEN = "0123456789abcdef0123456789abcdef";
    private static final Echo ECHO = new Echo(IpAddr.parse("10.1.0.2"), 4000, PATH_TOKEN, 1450);

    private static final String NONCE = "0000000000000010";
    private static final FencingToken TOKEN = new FencingToken(3, 9);
    private static final IfName VX0 = new IfName("vx0");
    private static final Mac OTHER = new Mac("72:78:00:00:00:03");
    private static final IpAddr PEER = IpAddr.parse("10.244.2.1");
    private static final Segment SEGMENT = new Segment(new Vni(100), new Port(8472));
    private static final DesiredLink LINK = Nets.link(Nets.net("vx0", 100), Nets.peers("10.244.2.1"));
    private static final ReportRequest CHANGE = new ReportRequest(false, List.of(LINK), List.of());
    private static final ReportRequest ALL =
            new ReportRequest(true, List.of(), List.of(LINK), List.of(Cidr.parse("10.9.0.0/16")));

    private final NativeDialect dialect = new NativeDialect();

    @Test
    void entriesOfOneTableAreOneOperation() {
        Script script = new Script(
                List.of(
                        new NetOp.PutEntry(VX0, new Entry.Flood(PEER)),
                        new NetOp.PutEntry(VX0, new Entry.Unicast(OTHER, PEER)),
                        new NetOp.PutEntry(VX0, new Entry.Neighbour(IpAddr.parse("fd00::3"), OTHER)),
                        new NetOp.DelEntry(VX0, new Entry.Flood(PEER))),
                false,
                CHANGE);

        assertEquals(
                "{\"do\":{\"id\":8,\"epoch\":3,\"session\":9,\"ops\":["
                        + "{\"put_entries\":{\"link\":\"vx0\",\"flood\":[\"10.244.2.1\"],"
                        + "\"unicast\":[[\"72:78:00:00:00:03\",\"10.244.2.1\"]],"
                        + "\"neighbours\":[[\"fd00::3\",\"72:78:00:00:00:03\"]]}},"
                        + "{\"del_entries\":{\"link\":\"vx0\",\"flood\":[\"10.244.2.1\"]}}],"
                        + "\"mark\":false,\"end\":false,\"ask\":{}}}\n",
                dialect.run(script, TOKEN, NONCE).text());
    }

    @Test
    void everyOperationIsWrittenInItsOwnWords() {
        Script script = new Script(
                List.of(
                        new NetOp.DelLink(new IfName("vx9")),
                        new NetOp.AddLink(
                                VX0, OTHER, new NetOp.Tunnel(SEGMENT, Nets.LOCAL, new IfName("eth0")), 1450, false),
                        new NetOp.SetAlias(VX0, "vxlan.travelping.com/vx0"),
                        new NetOp.SetAttributes(VX0, SEGMENT, Map.of(LinkAttribute.TXQUEUELEN, 55)),
                        new NetOp.SetAttributes(VX0, SEGMENT, Map.of(LinkAttribute.LEARNING, 0)),
                        new NetOp.PutQdisc(
                                VX0,
                                new Qdisc(
                                        new Impairments(Map.of(Impairment.DELAY, 20_000, Impairment.LOSS, 500)), 1000)),
                        new NetOp.PutQdisc(VX0, new Qdisc(new Impairments(Map.of(Impairment.RATE, 8)), 1000)),
                        new NetOp.DelQdisc(VX0),
                        new NetOp.PutAddress(VX0, InterfaceAddress.parse("fd00::2/64")),
                        new NetOp.AddRoute(VX0, Route.parse("192.168.12.0/29:192.168.11.1"), OptionalInt.of(50)),
                        new NetOp.DelRoute(VX0, Route.parse("192.168.12.0/29:192.168.11.1")),
                        new NetOp.PutFilter(filter()),
                        new NetOp.PutEntry(VX0, new Entry.Admitted(filter(), PEER)),
                        new NetOp.PutSecurity(filter(), Security.LOG),
                        new NetOp.PutEntry(VX0, new Entry.Exempt(filter(), Nets.LOCAL)),
                        new NetOp.PutEntry(VX0, new Entry.SenderMac(filter(), PEER, OTHER)),
                        new NetOp.PutEntry(VX0, new Entry.SenderIp(filter(), PEER, IpAddr.parse("fd00::3"))),
                        new NetOp.AddRoute(VX0, Route.parse("224.0.0.0/4"), OptionalInt.empty()),
                        new NetOp.SetGuard(List.of(VX0, new IfName("vx1"))),
                        new NetOp.DelFilters()),
                true,
                ALL);

        String text = dialect.run(script, TOKEN, NONCE).text();

        for (String part : List.of(
                "\"ops\":[{\"put_filter\":{\"vni\":100,\"port\":8472,\"ipv6\":false}},{\"admit\":{\"filter\":{\"vni\":100,"
                    + "\"port\":8472,\"ipv6\":false},\"vteps\":[\"10.244.2.1\"]}},"
                    + "{\"put_security\":{\"filter\":{\"vni\":100,\"port\":8472,\"ipv6\":false},\"mode\":\"log\"}},"
                    + "{\"permit\":{\"filter\":{\"vni\":100,\"port\":8472,\"ipv6\":false},"
                    + "\"exempt\":[\"" + Nets.LOCAL + "\"],\"macs\":[[\"10.244.2.1\",\"72:78:00:00:00:03\"]],"
                        + "\"ips\":[[\"10.244.2.1\",\"fd00::3\"]]}},"
                        + "{\"set_guard\":{\"links\":[\"vx0\",\"vx1\"]}},{\"del_link\":{\"link\":\"vx9\"}},",
                "{\"add_route\":{\"link\":\"vx0\",\"to\":\"224.0.0.0/4\"}}",
                "{\"add_link\":{\"link\":\"vx0\",\"vni\":100,\"local\":\"" + Nets.LOCAL
                        + "\",\"dev\":\"eth0\",\"mac\":\"72:78:00:00:00:03\",\"port\":8472,\"mtu\":1450,\"checksum\":false}}",
                "{\"set_attributes\":{\"link\":\"vx0\",\"vni\":100,\"txqueuelen\":55}}",
                "{\"set_attributes\":{\"link\":\"vx0\",\"vni\":100,\"learning\":false}}",
                "{\"put_qdisc\":{\"link\":\"vx0\",\"set\":{\"limit\":1000,\"delay\":20000,\"loss\":500}}}",
                "{\"put_qdisc\":{\"link\":\"vx0\",\"set\":{\"limit\":0,\"rate\":8}}}",
                "{\"del_qdisc\":{\"link\":\"vx0\"}}",
                "{\"add_route\":{\"link\":\"vx0\",\"to\":\"192.168.12.0/29\",\"via\":\"192.168.11.1\",\"metric\":50}}",
                "{\"del_filters\":{}}],\"mark\":true,",
                "\"ask\":{\"state\":true,\"digests\":[],\"lists\":[{\"link\":\"vx0\",",
                "\"destinations\":[\"10.9.0.0/16\"]}")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    @Test
    void aChangeOfWhichNothingFailedIsDone() throws Exception {
        ObservedPod seen = read(CHANGE, "{\"done\":{\"id\":8,\"failures\":[]}}");

        assertEquals(Map.of("vx0", new FdbView.Changed()), seen.fdb());
    }

    @Test
    void aChangeOfWhichSomethingFailedTellsWhatAndNothingOfTheTables() throws Exception {
        ObservedPod seen = read(
                CHANGE,
                "{\"done\":{\"id\":8,\"failures\":[{\"op\":0,\"subject\":\"entry\\u0007\",\"errno\":1,"
                        + "\"message\":\"Operation not permitted\"}],\"more\":4}}");

        assertEquals(Map.of(), seen.fdb());
        assertEquals(List.of("entry?: Operation not permitted", "and 4 more"), seen.errors());
    }

    @Test
    void theGuardOfAnOlderAgentHasARuleForEachLinkAndThatOfTodaysThree() throws Exception {
        String older = report("[" + device("") + "]", "");
        String today = older.replace("\"present\":true", "\"present\":true,\"redirects\":true");
        String whole = today.replace(
                "\"router-advertisements\",[\"vx0\"]", "\"router-advertisements\",[\"vx0\",\"vx0\",\"vx0\"]");

        assertTrue(read(ALL, older).filters().orElseThrow().guard().isWhole());
        assertFalse(read(ALL, today).filters().orElseThrow().guard().isWhole());
        assertTrue(read(ALL, whole).filters().orElseThrow().guard().isWhole());
    }

    @Test
    void aReportIsRead() throws Exception {
        ObservedPod seen = read(ALL, report("[" + device("") + "]", ""));

        assertEquals(
                "eth0", seen.link("vx0").orElseThrow().vxlan().orElseThrow().dev());
        assertEquals(
                Map.of(
                        LinkAttribute.TTL, 9,
                        LinkAttribute.TOS, 184,
                        LinkAttribute.LEARNING, 0,
                        LinkAttribute.CHECKSUM, 1,
                        LinkAttribute.TXQUEUELEN, 55),
                seen.link("vx0").orElseThrow().vxlan().orElseThrow().attributes());
        assertTrue(seen.link("vx0").orElseThrow().addresses().getFirst().owned());
        assertTrue(seen.filters().orElseThrow().isWhole(filter()));
        assertEquals(List.of("vx0"), seen.filters().orElseThrow().guard().links());
        assertEquals(Map.of(filter(), 7L), seen.filters().orElseThrow().dropped());
        assertEquals(
                List.of(new RefusedSender(filter(), IpAddr.parse("10.244.3.1"), Refusal.ARP, Duration.ofSeconds(4))),
                seen.filters().orElseThrow().security().senders());
        assertEquals(Set.of("eth1"), seen.withoutIpv6());
        assertEquals(
                List.of(Route.parse("10.8.0.0/16:10.1.0.2"), Route.parse("224.0.0.0/4")),
                seen.routes().stream().map(ObservedRoute::route).toList());
        assertEquals("eth0", seen.foreign().getFirst().dev());
        assertEquals(
                new FdbView.Listed(PeerTable.of(List.of(new Entry.Flood(PEER), new Entry.Unicast(OTHER, PEER)))),
                seen.fdb().get("vx0"));
    }

    @Test
    void anAttributeThatAnOlderAgentDoesNotKnowIsNotReported() throws Exception {
        String older = device("").replace(",\"txqueuelen\":55", "");

        ObservedPod seen = read(ALL, report("[" + older + "]", ""));

        assertEquals(
                Set.of(LinkAttribute.TTL, LinkAttribute.TOS, LinkAttribute.LEARNING, LinkAttribute.CHECKSUM),
                seen.link("vx0")
                        .orElseThrow()
                        .vxlan()
                        .orElseThrow()
                        .attributes()
                        .keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"done\":[]}",
                "{\"done\":{\"id\":9,\"failures\":[]}}",
                "{\"done\":{\"id\":8}}",
                "{\"done\":{\"id\":8,\"failures\":[]}}",
                "{\"done\":{\"id\":8,\"failures\":[]}} more",
                "{\"done\":{\"id\":8,\"failures\":[],\"state\":{\"devices\":[]}}}",
                "{\"done\":{\"id\":8,\"failures\":[],\"state\":{\"devices\":[{\"name\":\"lo\",\"index\":1,\"up\":true,"
                        + "\"mtu\":1}],\"without_ipv6\":[]}}}",
                "{\"done\":{\"id\":8,\"failures\":[],\"state\":{\"devices\":[{}]}}}",
                "{\"done\":{\"id\":8,\"failures\":[],\"state\":{\"devices\":[{\"name\":7}]}}}",
                "[[[[[[[[[[[[[[[[[[[["
            })
    void whatIsNoWholeReportIsNotUsed(String answer) {
        assertThrows(MalformedReportException.class, () -> read(ALL, answer));
    }

    @Test
    void aReportOfMoreDevicesThanAreReadIsNotUsed() throws Exception {
        String one = "{\"name\":\"d\",\"index\":3,\"up\":true,\"mtu\":1450}";
        String all = String.join(",", Collections.nCopies(ReportBounds.MOST, one));
        read(ALL, report("[" + all + "]", ""));

        MalformedReportException malformed =
                assertThrows(MalformedReportException.class, () -> read(ALL, report("[" + all + "," + one + "]", "")));

        assertEquals(
                "the agent's report of devices can't be read: it has 10001 of them, and at most 10000 are read",
                malformed.getMessage());
    }

    @Test
    void namesAreShownWithoutWhatNoTerminalShouldGet() throws Exception {
        String evil = "e\\u001b[2J\\u202e vil";
        String device = device("").replace("\"vx0\"", "\"" + evil + "\"").replace("\"eth0\"", "\"" + evil + "\"");

        ObservedPod seen =
                read(ALL, report("[" + device + "]", "").replace("\"dev\":\"eth0\"", "\"dev\":\"" + evil + "\""));

        String shown = "e?[2J??vil";
        assertEquals(shown, seen.links().getFirst().name());
        assertEquals(shown, seen.links().getFirst().vxlan().orElseThrow().dev());
        assertEquals(shown, seen.foreign().getFirst().dev());
    }

    @Test
    void aliasesAreShownWithoutWhatNoTerminalShouldGet() throws Exception {
        String device = device("").replace("\"alias\":\"a\"", "\"alias\":\"complete 1\\n2\"");

        assertEquals(
                "complete 1?2",
                read(ALL, report("[" + device + "]", "")).links().getFirst().alias());
    }

    @Test
    void aReportOfWhichSomethingCouldNotBeToldIsNotUsed() {
        String whole = report("[" + device("") + "]", "");
        String part = whole.replace(
                "\"failures\":[]",
                "\"failures\":[{\"subject\":\"report\",\"errno\":105,\"message\":\"No buffer space available\"}]");

        MalformedReportException malformed = assertThrows(MalformedReportException.class, () -> read(ALL, part));

        assertEquals("the agent's report of state can't be read: No buffer space available", malformed.getMessage());
    }

    /** They go into logs and Events, and somebody's own agent may tell of any number. */
    @Test
    void ofManyFailuresTheFirstTwentyAreTold() throws Exception {
        String failure =
                "{\"subject\":\"" + "s".repeat(500) + "\",\"errno\":1,\"message\":\"" + "m".repeat(500) + "\"}";
        String failures = String.join(",", Collections.nCopies(5_000, failure));

        List<String> errors = read(CHANGE, "{\"done\":{\"id\":8,\"more\":10,\"failures\":[" + failures + "]}}")
                .errors();

        assertEquals(21, errors.size());
        assertEquals("and 4990 more", errors.getLast());
        assertTrue(errors.stream().allMatch(error -> error.length() < 500));
    }

    @Test
    void aValueThatNoKernelHasIsNotUsed() {
        assertThrows(MalformedReportException.class, () -> read(ALL, report("[" + device("") + "]", "\"x\"")));
        assertThrows(MalformedReportException.class, () -> read(ALL, report("[" + device("x") + "]", "")));
    }

    @Test
    void aQdiscIsReadAsOursOrSomebodyElses() throws Exception {
        String set =
                "{\"limit\":1000,\"rate\":0,\"delay\":20000,\"jitter\":0,\"loss\":500,\"duplicate\":0,\"reorder\":0,"
                        + "\"corrupt\":0}";
        Qdisc qdisc = new Qdisc(new Impairments(Map.of(Impairment.DELAY, 20_000, Impairment.LOSS, 500)), 1000);

        assertEquals(new ObservedQdisc.None(), qdisc(""));
        assertEquals(
                new ObservedQdisc.Ours(Optional.of(qdisc)),
                qdisc(",\"qdisc\":{\"kind\":\"netem\",\"ours\":true,\"set\":" + set + "}"));
        assertEquals(new ObservedQdisc.Ours(Optional.empty()), qdisc(",\"qdisc\":{\"kind\":\"tbf\",\"ours\":true}"));
        assertEquals(new ObservedQdisc.Foreign("h?b"), qdisc(",\"qdisc\":{\"kind\":\"h\\u0007b\",\"ours\":false}"));
        for (String wrong : List.of("{\"ours\":false}", "{\"kind\":\"tbf\",\"ours\":true,\"set\":{\"limit\":1}}")) {
            assertThrows(MalformedReportException.class, () -> qdisc(",\"qdisc\":" + wrong));
        }
    }

    @Test
    void anAgentThatDoesNotSayThatItKnowsQdiscsIsAnOlderOne() throws Exception {
        String older = report("[" + device("") + "]", "");
        String newer = older.replace("\"without_ipv6\"", "\"qdiscs\":true,\"without_ipv6\"");

        assertEquals(false, read(ALL, older).knowsQdiscs());
        assertTrue(read(ALL, newer).knowsQdiscs());
        assertTrue(read(ALL, newer).reportedBy(Optional.of("1.0.0")).knowsQdiscs());
    }

    private ObservedQdisc qdisc(String field) throws Exception {
        String device = device("").replace("\"checksum\":true", "\"checksum\":true" + field);
        return read(ALL, report("[" + device + "]", ""))
                .link("vx0")
                .orElseThrow()
                .vxlan()
                .orElseThrow()
                .qdisc();
    }

    @Test
    void aRefusalTellsWhy() {
        FencedException fenced = assertThrows(
                FencedException.class,
                () -> read(CHANGE, "{\"refused\":{\"id\":8,\"reason\":\"fenced\",\"epoch\":4}}"));
        AgentException malformed = assertThrows(
                AgentException.class,
                () -> read(CHANGE, "{\"refused\":{\"id\":0,\"reason\":\"malformed\",\"message\":\"unknown\"}}"));

        assertEquals(4, fenced.epoch());
        assertEquals("the agent refused the request: unknown", malformed.getMessage());
    }

    @Test
    void aGreetingTellsVersionAndAddresses() throws Exception {
        Exchange<Greeting> greeting = dialect.greeting(NONCE);

        assertEquals("{\"hello\":{\"protocol\":1}}\n", greeting.text());
        assertEquals(
                new Greeting(List.of("127.0.0.1", "10.0.0.1"), Optional.of("1.0.0")),
                greeting.reader()
                        .read("{\"hello\":{\"protocol\":1,\"agent\":\"1.0.0\","
                                + "\"addresses\":[\"127.0.0.1\",\"10.0.0.1\"]}}"));
    }

    @Test
    void anAgentSaysWhetherItMeasuresPaths() throws Exception {
        Greeting knows = dialect.greeting(NONCE)
                .reader()
                .read("{\"hello\":{\"protocol\":1,\"agent\":\"1.0.0\",\"addresses\":[],\"probes\":true}}");

        assertTrue(knows.probes());
    }

    @Test
    void anEchoIsAskedForAndTellsItsPort() throws Exception {
        Exchange<Echo> echo = dialect.echo(
                new EchoRequest(new IfName("vx0"), IpAddr.parse("10.1.0.2"), IpAddr.parse("10.1.0.1"), PATH_TOKEN),
                NONCE);

        assertEquals(
                "{\"echo\":{\"id\":8,\"link\":\"vx0\",\"address\":\"10.1.0.2\",\"from\":\"10.1.0.1\",\"token\":\""
                        + PATH_TOKEN + "\",\"seconds\":10}}\n",
                echo.text());
        assertEquals(ECHO, echo.reader().read("{\"echoing\":{\"id\":8,\"port\":4000,\"mtu\":1450}}"));
    }

    @Test
    void aProbeIsAskedForAndReportsWhatPasses() throws Exception {
        Exchange<PathReport> probe =
                dialect.probe(new ProbeRequest(new IfName("vx0"), IpAddr.parse("10.1.0.1"), ECHO), NONCE);

        assertEquals(
                "{\"probe\":{\"id\":8,\"link\":\"vx0\",\"from\":\"10.1.0.1\",\"to\":\"10.1.0.2\",\"port\":4000,"
                        + "\"token\":\"" + PATH_TOKEN + "\",\"bytes\":1450}}\n",
                probe.text());
        assertEquals(
                new PathReport(3, 2, Optional.of(Duration.ofNanos(90_000)), new PathReport.Size(1450, 1380), 3),
                probe.reader().read(probed("2", "[120,90]", "1380")));
        assertEquals(
                new PathReport(3, 0, Optional.empty(), new PathReport.Size(1450, 0), 3),
                probe.reader().read(probed("0", "[]", "1450")),
                "who got no answer knows no size");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | [1,2,3,4] | 1450",
                "-1 | [] | 1450",
                "2 | [1] | 1450",
                "2 | [1,-2] | 1450",
                "2 | [1,\"2\"] | 1450",
                "2 | 7 | 1450",
                "2 | [1,2] | 65536",
                "2 | [1,2] | -1",
                "2 | [1,2] | 1e3",
                "\"2\" | [1,2] | 1450",
                "2 | [1,1e99] | 1450"
            })
    void anAgentMayReportOnlyWhatAProbeCanFind(String answered, String times, String passes) {
        assertThrows(
                MalformedReportException.class,
                () -> dialect.probe(new ProbeRequest(new IfName("vx0"), IpAddr.parse("10.1.0.1"), ECHO), NONCE)
                        .reader()
                        .read(probed(answered, times, passes)));
    }

    @Test
    void anEchosAnswerIsThatOfItsRequest() {
        EchoRequest request =
                new EchoRequest(new IfName("vx0"), IpAddr.parse("10.1.0.2"), IpAddr.parse("10.1.0.1"), PATH_TOKEN);
        List.of(
                        "{\"echoing\":{\"id\":9,\"port\":4000,\"mtu\":1450}}",
                        "{\"echoing\":{\"id\":8,\"port\":0,\"mtu\":1450}}",
                        "{\"echoing\":{\"id\":8,\"port\":65536,\"mtu\":1450}}",
                        "{\"echoing\":{\"id\":8,\"port\":4000}}",
                        "{\"done\":{\"id\":8,\"failures\":[]}}")
                .forEach(answer -> assertThrows(
                        MalformedReportException.class,
                        () -> dialect.echo(request, NONCE).reader().read(answer),
                        answer));
        AgentException refused = assertThrows(
                AgentException.class,
                () -> dialect.echo(request, NONCE)
                        .reader()
                        .read("{\"refused\":{\"id\":8,\"reason\":\"busy\",\"message\":\"16 echoes run\"}}"));
        assertEquals("the agent is busy: 16 echoes run", refused.getMessage());
    }

    private static String probed(String answered, String times, String passes) {
        return "{\"probed\":{\"id\":8,\"sent\":3,\"answered\":" + answered + ",\"rtt_micros\":" + times
                + ",\"bytes\":1450,\"forward_bytes\":" + passes + ",\"backward_bytes\":1450,\"bad_checksums\":1,"
                + "\"peer_bad_checksums\":2}}";
    }

    @Test
    void aVersionThatIsNoneIsNotTold() throws Exception {
        Greeting greeting = dialect.greeting(NONCE)
                .reader()
                .read("{\"hello\":{\"protocol\":1,\"agent\":\"1.0 <b>\",\"addresses\":[]}}");

        assertEquals(Optional.empty(), greeting.version());
    }

    @Test
    void anAnswerEndsWithItsLine() {
        assertTrue(dialect.greeting(NONCE).end().matcher("\n{}\n").find());
        assertEquals(false, dialect.greeting(NONCE).end().matcher("\n{}").find());
        assertEquals(false, dialect.greeting(NONCE).end().matcher("\n").find());
    }

    @Test
    void everyCutOfAnAnswerIsRefused() throws Exception {
        String whole = report("[" + device("") + "]", "");
        read(ALL, whole);
        for (int end = 0; end < whole.length(); end++) {
            String cut = whole.substring(0, end);
            assertThrows(MalformedReportException.class, () -> read(ALL, cut), () -> "the one that ends with " + cut);
        }
    }

    private ObservedPod read(ReportRequest reportRequest, String answer)
            throws AgentException, MalformedReportException {
        return dialect.run(new Script(List.of(), false, reportRequest), TOKEN, NONCE)
                .reader()
                .read(answer);
    }

    private static Filter filter() {
        return Filter.parse("vni100-port8472-ipv4").orElseThrow();
    }

    private static String device(String address) {
        return "{\"name\":\"vx0\",\"index\":3,\"alias\":\"a\",\"mac\":\"72:78:00:00:00:01\",\"up\":true,\"mtu\":1450,\"txqueuelen\":55,"
            + "\"vxlan\":{\"vni\":100,\"port\":8472,\"local\":\"10.244.1.1\",\"dev\":\"eth0\",\"ttl\":9,\"tos\":184,"
            + "\"learning\":false,\"checksum\":true},"
            + "\"addresses\":[{\"address\":\"10.1.0.1/24" + address + "\",\"metric\":8472}]}";
    }

    private static String report(String devices, String flood) {
        return "{\"done\":{\"id\":8,\"failures\":[],\"state\":{\"devices\":" + devices + ",\"routes\":["
                                                                                       + "{\"to\":\"10.8.0.0/16\",\"via\":\"10.1.0.2\",\"dev\":\"vx0\",\"metric\":0},"
                                                                                       + "{\"to\":\"224.0.0.0/4\",\"dev\":\"vx0\",\"metric\":0},"
                                                                                       + "{\"to\":\"10.7.0.0/16\",\"dev\":\"vx0\",\"metric\":0}],\"without_ipv6\":[\"eth1\"],"
                                                                                       + "\"filters\":{\"present\":true,\"chains\":[[\"vni100-port8472-ipv4\",[\"vni100-port8472-ipv4\"]],"
                                                                                       + "[\"router-advertisements\",[\"vx0\"]]],\"caught\":[[\"vni100-port8472-ipv4\",\"10.244.3.1\",\"arp\",4],[\"vni100-port8472-ipv4\",\"10.244.3.1\",\"unheard"
                                                                                       + " of\",4]]},\"dropped\":[[\"vni100-port8472-ipv4\",7],[\"another\",1]]},"
                                                                                       + "\"foreign\":[{\"to\":\"10.9.0.0/16\",\"dev\":\"eth0\",\"metric\":0}],\"lists\":[{\"link\":\"vx0\","
                                                                                       + "\"flood\":[" + (flood.isEmpty() ? "\"10.244.2.1\"" : flood)
                + "],\"unicast\":[[\"72:78:00:00:00:03\",\"10.244.2.1\"]],\"neighbours\":[],\"admitted\":[]}]}}";
    }
}
