package io.github.kubevxlan.controller.agent.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of tc 6.1 on Debian's kernel. */
class TcJsonTest {
    private static final String NETEM = """
        {"kind":"netem","handle":"184:","dev":"vx0","root":true,"refcnt":2,"options":{"limit":1000,
        "delay":{"delay":0.02,"jitter":0.002,"correlation":0},"loss-random":{"loss":0.005,"correlation":0},
        "duplicate":{"duplicate":0.01,"correlation":0},"reorder":{"reorder":0.25,"correlation":0},
        "corrupt":{"corrupt":0.001,"correlation":0},
        "rate":{"rate":1250000,"packetoverhead":0,"cellsize":0,"celloverhead":0},"ecn":false,"gap":1}}\
        """;

    @Test
    void readsAllThatNetemDoes() throws Exception {
        assertEquals(
                ours(
                        Map.of(
                                Impairment.RATE, 10_000,
                                Impairment.DELAY, 20_000,
                                Impairment.JITTER, 2_000,
                                Impairment.LOSS, 500,
                                Impairment.DUPLICATE, 1_000,
                                Impairment.REORDER, 25_000,
                                Impairment.CORRUPT, 100),
                        1000),
                read(NETEM));
    }

    /** Of 10us the kernel's clock leaves 9.984us, and tc says 9us; of 99.999% tc says six digits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"limit\":7,\"delay\":{\"delay\":9e-06,\"jitter\":9e-06,\"correlation\":0},"
                        + "\"loss-random\":{\"loss\":0.33333,\"correlation\":0},\"ecn\":false,\"gap\":0}",
                "{\"limit\":7,\"delay\":{\"delay\":1e-05,\"jitter\":1e-05,\"correlation\":0},"
                        + "\"loss-random\":{\"loss\":0.333331,\"correlation\":0},\"ecn\":false,\"gap\":0}"
            })
    void whatTcRoundsOffIsNoDifference(String options) throws Exception {
        assertEquals(
                ours(Map.of(Impairment.DELAY, 10, Impairment.JITTER, 10, Impairment.LOSS, 33_333), 7),
                read("{\"kind\":\"netem\",\"handle\":\"184:\",\"dev\":\"vx0\",\"root\":true,\"options\":" + options
                        + "}"));
    }

    @Test
    void readsARateOfTbf() throws Exception {
        assertEquals(ours(Map.of(Impairment.RATE, 10_000), 0), read("""
            {"kind":"tbf","handle":"185:","dev":"vx0","root":true,"refcnt":2,
            "options":{"rate":1250000,"burst":"16Kb/1","mpu":0,"lat":100000,"linklayer":"ethernet"}}\
            """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"limit\":1000|\"limit\":\"x\"",
                "\"jitter\":0.002,\"correlation\":0|\"jitter\":0.002,\"correlation\":0.07",
                "\"delay\":0.02|\"delay\":-1",
                "\"delay\":0.02|\"delay\":1e300",
                "\"loss\":0.005|\"loss\":7",
                "\"loss-random\"|\"loss-gemodel\"",
                "\"rate\":1250000|\"rate\":1250001",
                "\"packetoverhead\":0|\"packetoverhead\":9",
                "\"gap\":1|\"gap\":2",
                "\"ecn\":false|\"ecn\":true",
                "\"ecn\":false|\"slot\":{\"packets\":0}"
            })
    void oneOfOursThatWasChangedByHandIsKnownAsSuch(String change) throws Exception {
        int bar = change.indexOf('|');
        String changed = NETEM.replace(change.substring(0, bar), change.substring(bar + 1));
        assertEquals(false, changed.equals(NETEM), "the change fits");
        assertEquals(new ObservedQdisc.Ours(Optional.empty()), read(changed));
    }

    @Test
    void anotherHandleIsSomebodyElses() throws Exception {
        assertEquals(new ObservedQdisc.Foreign("netem"), read(NETEM.replace("184:", "8001:")));
        assertEquals(new ObservedQdisc.Foreign("netem"), read(NETEM.replace("184:", "185:")));
    }

    @Test
    void whatIsNotAtTheRootIsNotRead() throws Exception {
        assertEquals(new ObservedQdisc.Foreign("unknown"), read(NETEM.replace("\"root\":true", "\"parent\":\"1:1\"")));
    }

    @Test
    void anAgentWithoutTcHasPutNone() throws Exception {
        assertEquals(new ObservedQdisc.Foreign("unknown"), with("none\n"));
    }

    @Test
    void anAgentThatWasNotAskedLeavesItOpen() throws Exception {
        assertEquals(new ObservedQdisc.Unread("netem"), with(""));
        assertEquals(new ObservedQdisc.Foreign("h?tb"), TcJson.ofLink("h\ntb"));
        assertEquals(new ObservedQdisc.None(), TcJson.ofLink("noqueue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{}", "Cannot talk to the kernel", "[]]"})
    void anyOtherTextMakesTheReportMalformed(String section) {
        assertThrows(MalformedReportException.class, () -> with(section));
    }

    private static ObservedQdisc read(String qdisc) throws MalformedReportException {
        return with(
                "[{\"kind\":\"noqueue\",\"handle\":\"0:\",\"dev\":\"lo\",\"root\":true,\"options\":{}}," + qdisc + "]");
    }

    private static ObservedQdisc with(String section) throws MalformedReportException {
        ObservedLink.Vxlan vxlan = new ObservedLink.Vxlan(
                new Segment(new Vni(1), new Port(8472)),
                Optional.empty(),
                "eth0",
                Map.of(),
                new ObservedQdisc.Unread("netem"));
        ObservedLink link = new ObservedLink(
                new ObservedLink.Identity("vx0", 3, ""),
                new ObservedLink.Attributes(Optional.empty(), true, 1450),
                Optional.of(vxlan),
                List.of());
        return TcJson.with(List.of(link), section)
                .getFirst()
                .vxlan()
                .orElseThrow()
                .qdisc();
    }

    private static ObservedQdisc ours(Map<Impairment, Integer> impairments, int limit) {
        return new ObservedQdisc.Ours(Optional.of(new Qdisc(new Impairments(impairments), limit)));
    }
}
