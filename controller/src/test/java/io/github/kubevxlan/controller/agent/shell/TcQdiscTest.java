package io.github.kubevxlan.controller.agent.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TcQdiscTest {
    @Test
    void saysAllOfNetemSinceTheKernelKeepsWhatIsLeftOut() {
        Qdisc all = new Qdisc(
                new Impairments(Map.of(
                        Impairment.RATE, 10_000,
                        Impairment.DELAY, 20_000,
                        Impairment.JITTER, 2_000,
                        Impairment.LOSS, 500,
                        Impairment.DUPLICATE, 1_000,
                        Impairment.REORDER, 25_000,
                        Impairment.CORRUPT, 100)),
                1000);
        assertEquals(
                "184: netem limit 1000 delay 20000us 2000us 0% loss 0.5% 0% duplicate 1% 0% reorder 25% 0%"
                        + " corrupt 0.1% 0% rate 10000kbit",
                TcQdisc.words(all));
        assertEquals(
                "184: netem limit 7 delay 0us 0us 0% loss 33.333% 0% duplicate 0% 0% reorder 0% 0% corrupt 0% 0%"
                        + " rate 0kbit",
                TcQdisc.words(new Qdisc(new Impairments(Map.of(Impairment.LOSS, 33_333)), 7)));
    }

    @Test
    void leavesARateAloneToTbf() {
        assertEquals("185: tbf rate 10000kbit burst 16384 limit 141384", TcQdisc.words(rate(10_000)));
        assertEquals("185: tbf rate 8kbit burst 16384 limit 32768", TcQdisc.words(rate(8)));
        assertEquals("185: tbf rate 10000000kbit burst 12500000 limit 137500000", TcQdisc.words(rate(10_000_000)));
    }

    private static Qdisc rate(int kbit) {
        return new Qdisc(new Impairments(Map.of(Impairment.RATE, kbit)), 1000);
    }
}
