package io.github.kubevxlan.common.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        server = AdminServer.start(0, () -> missing, () -> "kube_vxlan_members 3\n");
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
    void printsMetrics() throws Exception {
        List<String> lines = get("/metrics").lines().toList();
        assertEquals("200 kube_vxlan_members 3", lines.getFirst());
        for (String name : List.of("kube_vxlan_threads", "kube_vxlan_open_files", "kube_vxlan_heap_used_bytes")) {
            assertTrue(lines.stream().anyMatch(line -> line.matches(name + " [1-9][0-9]*")), () -> name + ": " + lines);
        }
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
