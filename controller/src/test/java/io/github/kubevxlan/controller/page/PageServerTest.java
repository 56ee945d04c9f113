package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerTest {
    private static final String HOSTILE = "</script><img src=x onerror=alert(1)>\n\ndata: {}\r\u2028";
    private static final int SECONDS = 20;
    private static final int LARGE_CHANGES = 24;

    private final RecentChanges changes = new RecentChanges(Clock.systemUTC());
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile List<PageMember> members = List.of();
    private PageServer server;

    @BeforeEach
    void start() throws StartException {
        server = PageServer.start(
                0,
                () -> {
                    asked.incrementAndGet();
                    return PageModel.of(new PageLeader(true, "me", "me"), List.of(), members);
                },
                changes);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void everyAnswerForbidsWhatThePageDoesNotNeed() throws Exception {
        for (String path : List.of("/", "/app.js", "/pods/x", "/nothing")) {
            HttpResponse<String> answer = get(path);
            String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals(
                    "nosniff",
                    answer.headers().firstValue("X-Content-Type-Options").orElse(""));
        }
    }

    @Test
    void everyFileThatThePageNamesIsThere() throws Exception {
        String page = get("/").body();
        assertTrue(page.contains("<title>VXLAN segments</title>"), page);
        for (String path : List.of("/style.css", "/icon.svg", "/app.js", "/cytoscape.js")) {
            assertEquals(200, get(path).statusCode(), path);
        }
        assertFalse(page.contains("style=") || page.contains("http:") || page.contains("https:"), page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "10.0.0.1:8090", ""})
    void aNameOfAnotherOriginIsRefused(String host) throws Exception {
        assertTrue(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .matches("HTTP/1.1 40[03] .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1:9", "[::1]:9"})
    void thisMachinesNamesAreAnswered(String host) throws Exception {
        assertEquals("HTTP/1.1 200 OK", raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void anotherSiteUsesUpNoConnection() throws Exception {
        String answer = raw(
                "GET /events HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        assertEquals(0, asked.get());
    }

    @Test
    void nothingElseIsServedAndNothingCanBeWritten() throws Exception {
        assertEquals(404, get("/static/app.js").statusCode());
        HttpResponse<String> posted = client.send(
                request("/").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(posted.statusCode() == 404 || posted.statusCode() == 405, () -> "" + posted.statusCode());
    }

    @Test
    void whatPodsAreCalledCanNotEndAnEvent() throws Exception {
        members = List.of(member(HOSTILE));
        HttpResponse<InputStream> stream = follow();

        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        assertEquals("event: snapshot", lines.readLine());
        assertTrue(lines.readLine().contains("</script><img src=x onerror=alert(1)>\\n\\ndata: {}\\r"));
        assertEquals("", lines.readLine());
        stream.body().close();
    }

    @Test
    void whatIsNewFollows() throws Exception {
        HttpResponse<InputStream> stream = follow();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        lines.readLine();
        lines.readLine();
        members = List.of(member("late"));

        lines.readLine();
        assertEquals("event: delta", lines.readLine());
        assertTrue(lines.readLine().contains("\"pod\":\"late\""));
        stream.body().close();
    }

    @Test
    void aPodsEventsAreAskedFor() throws Exception {
        changes.addEvent(new PodRef("uid", "team", "pod"), "AgentFailed", "no answer");

        assertTrue(get("/pods/uid").body().contains("AgentFailed: no answer"));
        assertEquals("{\"uid\":\"other\",\"changes\":[]}", get("/pods/other").body());
    }

    /** Sockets take some megabytes by themselves, so that much is sent. */
    @Test
    @Timeout(120)
    void aBrowserThatReadsNothingIsDroppedAndKeepsNobodyWaiting() throws Exception {
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            slow.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            HttpResponse<InputStream> stream = follow();
            BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
            for (int i = 0; i < LARGE_CHANGES; i++) {
                String mark = "change " + i + " ";
                members = List.of(member("large", mark + "x".repeat(1 << 20)));
                String line = lines.readLine();
                while (!line.contains(mark)) {
                    line = lines.readLine();
                }
            }
            stream.body().close();
            slow.setSoTimeout(SECONDS * 1000);
            assertTrue(isEnded(slow.getInputStream()));
        }
    }

    private static boolean isEnded(InputStream stream) {
        try {
            byte[] buffer = new byte[1 << 16];
            int read = stream.read(buffer);
            while (read >= 0) {
                read = stream.read(buffer);
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private HttpResponse<InputStream> follow() throws Exception {
        return client.send(request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    /** The status line that a request gets which no client would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    private static PageMember member(String name) {
        return member(name, "");
    }

    private static PageMember member(String name, String reason) {
        return new PageMember(
                new PageMember.Identity("uid-" + name, "team", name, "node", List.of()),
                "vx0",
                new PageMember.Link("vx0", List.of("10.0.0.1"), ""),
                "ready",
                reason);
    }
}
