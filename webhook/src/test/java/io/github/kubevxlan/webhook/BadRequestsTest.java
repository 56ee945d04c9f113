package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.webhook.RawClient.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the running server against the table of docs/webhook.md. */
class BadRequestsTest {
    /** Shorter times and fewer requests than said there. */
    static final Limits LIMITS = new Limits(
            4,
            16,
            Limits.of(4).memory(),
            Duration.ofSeconds(1),
            new Limits.Arrival(Duration.ofSeconds(2), Duration.ofSeconds(2)));

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]+) \\| ([0-9]{3}|closed) \\| (?:`([^|]+)`)? *\\|$");

    @SuppressWarnings("NullAway.Init") // by start()
    private static RunningWebhook running;

    /** A row of the table; no text where the connection is closed. */
    record Row(String request, String status, String text) {}

    @BeforeAll
    static void start() throws Exception {
        running = new RunningWebhook(LIMITS);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    static List<Row> table() throws Exception {
        return ROW.matcher(Files.readString(Path.of("../docs/webhook.md")))
                .results()
                .map(BadRequestsTest::row)
                .toList();
    }

    @Test
    void knowsEveryRequestOfTable() throws Exception {
        assertEquals(
                BadRequests.ALL.keySet(), table().stream().map(Row::request).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void answersAsDocumentedAndServesTheNext(Row row) throws Exception {
        Response response =
                Objects.requireNonNull(BadRequests.ALL.get(row.request())).send(running);
        assertEquals(row.status(), response.status(), response.body());
        assertTrue(
                row.text().isEmpty()
                        || response.body().contains(row.text())
                        || response.body().equals(row.text() + "\n"),
                response.body());
        try (RawClient next = RawClient.tls(running)) {
            Response good = next.send(BadRequests.good()).response();
            assertEquals("200", good.status());
            assertTrue(good.body().contains("\"allowed\":true"), good.body());
        }
    }

    private static Row row(MatchResult match) {
        String text = Objects.requireNonNullElse(match.group(3), "")
                .replace("64 requests", LIMITS.requests() + " requests")
                .replace("within 10 s", "within " + LIMITS.arrival().body().toSeconds() + " s");
        return new Row(match.group(1).strip(), match.group(2), text);
    }
}
