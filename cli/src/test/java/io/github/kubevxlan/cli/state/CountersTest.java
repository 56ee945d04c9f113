package io.github.kubevxlan.cli.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void readsThoseThatOurAgentPrints() {
        Counters counters = Counters.ofState("""
            {"devices": [], "counters": [{"link": "vx0", "received": 7, "sent": 6, "receive_drops": 2, "send_drops": 1}],
             "dropped": [["vni100-port14789-ipv4", 5]]}\
            """);

        assertEquals(Map.of("vx0", new Counters.Link(7, 6, 2, 1)), counters.links());
        assertEquals(Map.of("vni100-port14789-ipv4", 5L), counters.stopped());
    }

    @Test
    void whatIsNoStateCountsNothing() {
        assertEquals(new Counters(Map.of(), Map.of()), Counters.ofState("sh: agent: not found"));
    }
}
