package io.github.kubevxlan.webhook;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.webhook.RawClient.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** What docs/webhook.md says is answered, by the words that it has for it. */
final class BadRequests {
    private static final int MIB_50 = 50 * 1024 * 1024;

    /** A TLS 1.1 client's first words: version 3.2 in record and hello, two cipher suites. */
    static final String HELLO_OF_TLS_1_1 =
            "160301002f" + "0100002b" + "0302" + "00".repeat(32) + "00" + "0004" + "c013002f" + "0100";

    /** Sends one, and gives what came back. */
    interface Sending {
        Response send(RunningWebhook running) throws Exception;
    }

    static final Map<String, Sending> ALL = Map.ofEntries(
            entry("not JSON", body("hello")),
            entry("empty body", body("")),
            entry("JSON that ends too soon", body("{\"apiVersion\":\"v1\"")),
            entry("another `apiVersion`", body("{\"apiVersion\":\"admission.k8s.io/v1beta1\"}")),
            entry("another `kind`", body("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"Pod\"}")),
            entry("a pod that has not a pod's shape", body(Reviews.create("default", "{'metadata':{},'spec':[]}"))),
            entry("a million JSON values", body("[" + "0,".repeat(1_000_000) + "0]")),
            entry("JSON nested 10,000 deep", body("[".repeat(10_000) + "]".repeat(10_000))),
            entry("body of 50 MiB", body(" ".repeat(MIB_50))),
            entry("body of 50 MiB in chunks", BadRequests::chunks),
            entry("body shorter than its `Content-Length`", r -> exchange(r, head(100) + "{}", true)),
            entry("body that stands still", r -> exchange(r, head(100) + "{}", false)),
            entry("body that drips", r -> drip(r, head(1000), " ")),
            entry("header that drips", r -> drip(r, "POST /mutate HTTP/1.1\r\nHost: x\r\nX: ", "x")),
            entry("header that stands still", r -> exchange(r, "POST /mutate HTTP/1.1\r\nHost: x\r\n", false)),
            entry("nothing at all", r -> exchange(r, "", false)),
            entry("header of more than 8 KiB", r -> exchange(r, get("/mutate", "X: " + "x".repeat(9000)), false)),
            entry("path of more than 8 KiB", r -> exchange(r, get("/" + "x".repeat(9000), "X: x"), false)),
            entry("no HTTP", r -> exchange(r, "hello\r\n\r\n", false)),
            entry("another method", r -> exchange(r, get("/mutate", "X: x"), false)),
            entry("another path", r -> exchange(r, head(2).replace("/mutate", "/x") + "{}", false)),
            entry("another `Content-Type`", r -> exchange(r, head(2).replace("application/json", "a/b") + "{}", false)),
            entry("plain HTTP", r -> plain(r, head(2) + "{}")),
            entry("no TLS", r -> plain(r, "\u0000\u0001garbage\r\n".repeat(100))),
            entry("TLS 1.1", r -> plain(r, HexFormat.of().parseHex(HELLO_OF_TLS_1_1))),
            entry("a pod before definitions and namespaces have been read once", BadRequests::notRead),
            entry(
                    "a pod of a namespace that the watch does not show within 2 s",
                    body(Reviews.create("nowhere", Reviews.POD))),
            entry("more than 64 requests at once", BadRequests::crowd),
            entry("more connections than 4 for each of these", BadRequests::manyConnections));

    private BadRequests() {}

    static String head(int length) {
        return "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    static String good() {
        String review = Reviews.create("default", Reviews.POD);
        return head(review.length()) + review;
    }

    private static String get(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    }

    private static Sending body(String body) {
        return running -> exchange(running, head(body.length()) + body, false);
    }

    private static Response exchange(RunningWebhook running, String text, boolean ends) throws Exception {
        try (RawClient client = RawClient.tls(running)) {
            client.send(text);
            return ends ? client.end().response() : client.response();
        }
    }

    private static Response notRead(RunningWebhook running) throws Exception {
        running.cluster.synced = false;
        try {
            return exchange(running, good(), false);
        } finally {
            running.cluster.synced = true;
        }
    }

    private static Response plain(RunningWebhook running, String text) throws IOException {
        return plain(running, TestTls.ascii(text));
    }

    private static Response plain(RunningWebhook running, byte[] bytes) throws IOException {
        try (RawClient client = RawClient.plain(running)) {
            return client.send(bytes).response();
        }
    }

    private static Response drip(RunningWebhook running, String first, String again) throws Exception {
        try (RawClient client = RawClient.tls(running)) {
            return client.send(first).drip(again).response();
        }
    }

    private static Response chunks(RunningWebhook running) throws Exception {
        String chunk = "100000\r\n" + " ".repeat(0x100000) + "\r\n";
        return exchange(
                running,
                head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
                        + chunk.repeat(MIB_50 / 0x100000)
                        + "0\r\n\r\n",
                false);
    }

    /** All places are taken by requests that are not answered yet; who is refused may ask again by its connection. */
    private static Response crowd(RunningWebhook running) throws Exception {
        try (RawClient refused = RawClient.tls(running)) {
            Response response = crowd(running, refused);
            assertEquals("200", refused.send(good()).response().status());
            return response;
        }
    }

    private static Response crowd(RunningWebhook running, RawClient refused) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        running.cluster.mayGoOn = goOn;
        List<RawClient> others = new ArrayList<>();
        try {
            for (int i = 0; i < BadRequestsTest.LIMITS.requests(); i++) {
                others.add(RawClient.tls(running).send(good()));
            }
            Await.until(() -> running.cluster.waiting() == BadRequestsTest.LIMITS.requests());
            return refused.send(good()).response();
        } finally {
            goOn.countDown();
            for (RawClient other : others) {
                assertEquals("200", other.response().status());
                other.close();
            }
        }
    }

    /** All connections are open and have been used once. */
    private static Response manyConnections(RunningWebhook running) throws Exception {
        List<RawClient> others = new ArrayList<>();
        for (int i : IntStream.range(0, BadRequestsTest.LIMITS.connections()).toArray()) {
            others.add(RawClient.tls(running).send(good()));
            assertEquals("200", others.get(i).response().status());
        }
        try {
            return exchange(running, good(), false);
        } finally {
            for (RawClient other : others) {
                other.close();
            }
        }
    }
}
