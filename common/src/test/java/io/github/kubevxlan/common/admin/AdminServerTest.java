package io.github.kubevxlan.common.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private volatile Optional<String> missing = Optional.of("nothing is listed yet");
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        PrometheusRegistry metrics = new PrometheusRegistry();
        Gauge.builder().name("kube_vxlan_pods").register(metrics).set(3);
        server = AdminServer.start(0, () -> missing, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void isAliveBeforeItIsReady() throws Exception {
        assertEquals("200 ok\n", get("/livez"));
        assertEquals("503 nothing is listed yet\n", get("/readyz"));

        missing = Optional.empty();

        assertEquals("200 ok\n", get("/readyz"));
    }

    @Test
    void printsMetricsOfTheProgramAndOfItsProcess() throws Exception {
        for (int i = 0; i < 2; i++) {
            List<String> lines = get("/metrics").lines().toList();
            for (String sample : List.of(
                    "kube_vxlan_pods 3[.]0",
                    "kube_vxlan_build_info[{]version=\".+\"[}] 1",
                    "process_open_fds [1-9].*",
                    "jvm_threads_current [1-9].*",
                    "jvm_memory_used_bytes[{]area=\"heap\"[}] [1-9].*")) {
                assertEquals(
                        1, lines.stream().filter(line -> line.matches(sample)).count(), () -> sample + ": " + lines);
            }
        }
    }

    @Test
    void printsThemInTheFormatThatIsAccepted() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                        .header("Accept", "application/openmetrics-text;version=1.0.0")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(
                response.headers().firstValue("Content-Type").orElseThrow().startsWith("application/openmetrics-text"));
        assertTrue(response.body().endsWith("# EOF\n"));
    }

    /** The header of a Prometheus that takes native histograms. */
    @Test
    void printsTextWhereProtobufIsPreferred() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                        .header(
                                "Accept",
                                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                                        + "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,"
                                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        assertTrue(response.body().contains("kube_vxlan_pods 3.0\n"), response.body());
    }

    @Test
    void bearsFiveHundredConnectionsAndNoMore() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 501; i++) {
                silent.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
            }
            assertTrue(isEnded(silent.getLast()));
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
        assertEquals("200 ok\n", get("/livez"));
    }

    /** Waits for the end; one that is beyond the bound may be reset. */
    private static boolean isEnded(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) == -1;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void knowsNoOtherPath() throws Exception {
        assertEquals("404 ", get("/metrics/more"));
        assertEquals(404, Integer.parseInt(get("/").substring(0, 3)));
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
