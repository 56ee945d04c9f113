package io.github.kubevxlan.controller.agent.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.PeerTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintedStateTest {
    private static final IpAddr PEER = IpAddr.parse("10.244.2.1");
    private static final Mac OTHER = new Mac("72:78:00:00:00:02");
    private static final DesiredLink LINK = Nets.link(Nets.net("vx0", 100), Nets.peers("10.244.2.1"));
    private static final ReportRequest ASK =
            new ReportRequest(true, List.of(), List.of(LINK), List.of(Cidr.parse("0.0.0.0/0")));

    /** What an agent printed in a network namespace. */
    @Test
    void whatAnAgentPrintsIsRead() throws Exception {
        ObservedPod seen = PrintedState.read(printed(), ASK);

        assertTrue(seen.marked());
        assertEquals(
                List.of(Route.parse("10.65.0.0/24:10.64.0.9")),
                seen.routes().stream().map(ObservedRoute::route).toList());
        assertEquals(
                Map.of(
                        "vx0",
                        new FdbView.Listed(PeerTable.of(List.of(
                                new Entry.Flood(PEER),
                                new Entry.Unicast(OTHER, PEER),
                                new Entry.Neighbour(IpAddr.parse("10.64.0.2"), OTHER))))),
                seen.fdb());
        assertEquals(List.of("vx0"), seen.filters().orElseThrow().guard().links());
    }

    @Test
    void ofForeignRoutesThoseToTheWantedDestinationsCount() throws Exception {
        ObservedPod seen = PrintedState.read(printed(), ASK);

        assertEquals(
                List.of("eth0"), seen.foreign().stream().map(ForeignRoute::dev).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "sh: agent: not found", "{\"devices\":[]}", "{\"devices\":[{}],\"routes\":[]}"})
    void whatIsNoWholeStateIsNotUsed(String text) {
        assertThrows(MalformedReportException.class, () -> PrintedState.read(text, ASK));
    }

    private static String printed() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(PrintedStateTest.class.getResourceAsStream("/PrintedStateTest/state.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
