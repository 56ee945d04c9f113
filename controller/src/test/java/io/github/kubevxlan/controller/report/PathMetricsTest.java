package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.path.Path;
import io.github.kubevxlan.controller.path.PathMeter.Ends;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathMetricsTest {
    private static final Path PATH = new Path("lab", "node1", "node2");
    private static final String LABELS = "{from=\"node1\",network=\"lab\",to=\"node2\"} ";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PathMetrics metrics = new PathMetrics(registry);

    @Test
    void aPathShowsWhatWasMeasuredLastAndWhatAllCounted() throws IOException {
        metrics.measured(PATH, new Ends("a", "b"), report(1, 1450, 2));
        metrics.measured(PATH, new Ends("c", "d"), report(3, 1380, 5));

        assertShows("kube_vxlan_path_rtt_seconds" + LABELS + "2.0E-4");
        assertShows("kube_vxlan_path_mtu_bytes" + LABELS + "1380.0");
        assertShows("kube_vxlan_path_missing_bytes" + LABELS + "70.0");
        assertShows("kube_vxlan_path_probes_total" + LABELS + "6.0");
        assertShows("kube_vxlan_path_probes_lost_total" + LABELS + "2.0");
        assertShows("kube_vxlan_path_bad_checksums_total" + LABELS + "7.0");
    }

    @Test
    void aPathThatCarriesNothingHasNoRoundTrip() throws IOException {
        metrics.measured(
                PATH, new Ends("a", "b"), new PathReport(3, 0, Optional.empty(), new PathReport.Size(1450, 0), 0));

        assertShows("kube_vxlan_path_mtu_bytes" + LABELS + "0.0");
        assertShows("kube_vxlan_path_missing_bytes" + LABELS + "1450.0");
        assertFalse(text().contains("path_rtt_seconds{"), text());
    }

    @Test
    void whereNothingIsMeasuredNothingIsShown() throws IOException {
        assertEquals("", text());
    }

    @Test
    void aPathIsForgottenWithOneOfItsEnds() throws IOException {
        metrics.measured(PATH, new Ends("a", "b"), report(3, 1450, 0));
        metrics.forget("c");
        assertShows("kube_vxlan_path_mtu_bytes" + LABELS + "1450.0");
        metrics.forget("b");
        assertEquals("", text());
        metrics.measured(PATH, new Ends("a", "b"), report(3, 1450, 0));
        metrics.forget("a");
        assertEquals("", text());
    }

    @Test
    void aPathIsForgottenWhereOneOfItsEndsIsMeasuredNoMore() throws IOException {
        metrics.measured(PATH, new Ends("a", "b"), report(3, 1380, 0));
        metrics.only("c", Set.of());
        metrics.only("b", Set.of("lab", "other"));
        assertShows("kube_vxlan_path_missing_bytes" + LABELS + "70.0");
        metrics.only("b", Set.of("other"));
        assertEquals("", text());
    }

    @Test
    void pathsAreBounded() throws IOException {
        metrics.measured(PATH, new Ends("a", "b"), report(3, 1450, 0));
        for (int i = 0; i < PathMetrics.MOST; i++) {
            metrics.measured(new Path("lab", "node" + i, "x"), new Ends("a", "b"), report(3, 1450, 0));
        }

        assertEquals(
                PathMetrics.MOST,
                text().lines()
                        .filter(line -> line.startsWith("kube_vxlan_path_mtu_bytes{"))
                        .count());
        assertFalse(text().contains(LABELS), "that which was measured longest ago");
    }

    private void assertShows(String line) throws IOException {
        assertTrue(text().lines().anyMatch(line::equals), () -> line + " is not in it");
    }

    private String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PathReport report(int answered, int passes, long badChecksums) {
        return new PathReport(
                3, answered, Optional.of(Duration.ofNanos(200_000)), new PathReport.Size(1450, passes), badChecksums);
    }
}
