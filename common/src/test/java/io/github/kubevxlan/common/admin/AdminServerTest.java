package io.github.kubevxlan.common.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
        assertEquals("200 kube_vxlan_members 3\n", get("/metrics"));
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
