package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.webhook.Limits.Arrival;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookTest {
    private RunningWebhook running;

    @BeforeEach
    void start() throws Exception {
        running = new RunningWebhook();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void answersReviewWithPatchThatInjectsAgent() throws Exception {
        JsonNode response = good();
        byte[] patch = Base64.getDecoder().decode(response.path("patch").textValue());
        JsonNode patched =
                StrictPatch.apply(Json.parse(Reviews.POD), Json.parse(new String(patch, StandardCharsets.UTF_8)));
        assertEquals(
                "vxlan-controller-agent",
                patched.at("/spec/initContainers/0/name").textValue());
    }

    @Test
    void refusesMistakeInAnnotationWithAllowedFalse() throws Exception {
        String review = Reviews.create("default", Reviews.POD.replace("'vxeth0'", "'vxeth0 vxeth1'"));
        HttpResponse<String> response = running.send(running.mutate(review));
        assertEquals(200, response.statusCode());
        assertFalse(Json.parse(response.body()).at("/response/allowed").asBoolean(true));
    }

    @Test
    void refusesMalformedEditOfNetworksBeforeClusterIsRead() throws Exception {
        running.cluster.synced = false;
        String review = Reviews.edit("{}", "{'vxeth0':'id=100 up=maybe'}");
        HttpResponse<String> response = running.send(running.request("/validate")
                .POST(BodyPublishers.ofString(review))
                .build());
        assertEquals(
                "ConfigMap entry vxeth0, line 1, column 11: found \"maybe\", allowed: true or false",
                Json.parse(response.body()).at("/response/status/message").textValue());
    }

    @Test
    void takesBodyUpToLimit() throws Exception {
        String review = Reviews.create("default", Reviews.POD);
        String padding = " ".repeat(AdmissionHandler.MAX_BYTES - review.length());
        assertEquals(200, running.send(running.mutate(review + padding)).statusCode());
    }

    @Test
    void saysThatItCannotTellBeforeClusterIsRead() throws Exception {
        running.cluster.synced = false;
        HttpResponse<String> response = running.send(running.mutate(Reviews.create("default", Reviews.POD)));
        assertEquals(503, response.statusCode());
        assertEquals("the webhook has not read networks and namespaces yet: try again\n", response.body());
        assertEquals(503, answerFor("nowhere").statusCode());
    }

    @Test
    void injectsIntoPodOfNamespaceThatTheWatchDoesNotShow() throws Exception {
        HttpResponse<String> response = answerFor("nowhere");
        assertEquals(200, response.statusCode());
        assertFalse(Json.parse(response.body()).at("/response/patch").isMissingNode());
    }

    @Test
    void answersOthersWhileMoreRequestsWaitForTheirNamespacesThanThereArePlaces() throws Exception {
        running.cluster.mayBeKnown = new CountDownLatch(1);
        String review = Reviews.create("nowhere", Reviews.POD);
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        try (HttpClient client = running.client()) {
            for (int i = 0; i < 64; i++) {
                waiting.add(client.sendAsync(running.mutate(review), BodyHandlers.ofString()));
            }
            Await.until(() -> running.cluster.aside() == 64);
            good();
            assertEquals(200, answerFor("nowhere").statusCode(), "one more than may wait");
            running.cluster.mayBeKnown.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : waiting) {
                assertEquals(200, answer.get().statusCode());
            }
        }
    }

    @Test
    void answersProbesWhileRequestsComputeOnAllProcessors() throws Exception {
        int many = Runtime.getRuntime().availableProcessors();
        running.cluster.mayRest = new CountDownLatch(1);
        List<CompletableFuture<HttpResponse<String>>> computing = new ArrayList<>();
        try (HttpClient client = running.client()) {
            try {
                for (int i = 0; i < many; i++) {
                    computing.add(client.sendAsync(
                            running.mutate(Reviews.create("busy", Reviews.POD)), BodyHandlers.ofString()));
                }
                Await.until(() -> running.cluster.computing() == many);
                assertEquals(200, running.admin("/livez").statusCode());
            } finally {
                running.cluster.mayRest.countDown();
            }
            for (CompletableFuture<HttpResponse<String>> answer : computing) {
                assertEquals(200, answer.get().statusCode());
            }
        }
    }

    @Test
    void answersOwnFailureWith500WithoutDetails() throws Exception {
        HttpResponse<String> response = answerFor("failing");
        assertEquals(500, response.statusCode());
        assertEquals("internal error, see the webhook's log\n", response.body());
        good();
    }

    /** They may drip for an hour, so that none has been closed for slowness by the time that the last one is open. */
    @Test
    void answersWhileMoreBodiesDripThanThereArePlaces() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        try (RunningWebhook patient =
                new RunningWebhook(patientLimits(Limits.of(64).connections()))) {
            for (int i = 0; i < 100; i++) {
                slow.add(RawClient.tls(patient).send(BadRequests.head(AdmissionHandler.MAX_BYTES) + "{"));
            }
            for (RawClient client : slow) {
                client.send(" ".repeat(20_000));
            }
            good(patient);
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    /** Beyond the limit connections wait in the kernel; the server takes none of them. */
    @Test
    void asManyConnectionsWaitAsMayBeOpen() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (RunningWebhook full = new RunningWebhook(patientLimits(100))) {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket();
                open.add(socket);
                socket.connect(new InetSocketAddress("localhost", full.webhook.port()), 10_000);
            }
            for (Socket socket : open) {
                socket.close();
            }
            good(full);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void isReadyWhenClusterIsReadAndCertificateLoaded() throws Exception {
        assertEquals(200, running.admin("/readyz").statusCode());
        running.cluster.synced = false;
        assertEquals(
                "the webhook has not read networks and namespaces yet\n",
                running.admin("/readyz").body());
        assertEquals(503, running.admin("/readyz").statusCode());
        assertEquals(200, running.admin("/livez").statusCode());
        assertEquals(404, running.admin("/livez/x").statusCode());
        assertEquals(404, running.admin("/").statusCode());
    }

    @Test
    void isNotReadyWhileAWatchIsTooOldAndIsAgainOnceItIsNot() throws Exception {
        running.cluster.age = WatchAges.LIMIT;
        assertEquals(200, running.admin("/readyz").statusCode());
        running.cluster.age = WatchAges.LIMIT.plusSeconds(1);
        assertEquals(503, running.admin("/readyz").statusCode());
        assertEquals(
                "the watch of namespaces received nothing for 301 s\n",
                running.admin("/readyz").body());
        String metrics = running.admin("/metrics").body();
        assertTrue(metrics.contains("kube_vxlan_watch_age_seconds{resource=\"namespaces\"} 301.0\n"), metrics);
        good();
        running.cluster.age = Duration.ZERO;
        assertEquals(200, running.admin("/readyz").statusCode());
    }

    @Test
    void isNotReadyWithACertificateThatHasEndedUntilThereIsAnother() throws Exception {
        CertifiedKey ended = TestTls.ofYesterday().pair();
        TestTls.offer(running.tls, ended);
        assertEquals(503, running.admin("/readyz").statusCode());
        assertEquals(
                "the certificate in use expired at "
                        + ended.certificate().getNotAfter().toInstant() + "\n",
                running.admin("/readyz").body());
        TestTls.offer(running.tls, running.authority.pair());
        assertEquals(200, running.admin("/readyz").statusCode());
    }

    @Test
    void countsRequestsByOutcome() throws Exception {
        good();
        good();
        running.send(running.mutate("hello"));
        String metrics = running.admin("/metrics").body();
        assertTrue(metrics.contains("kube_vxlan_admission_duration_seconds_count{outcome=\"injected\"} 2\n"), metrics);
        assertTrue(metrics.contains("kube_vxlan_admission_duration_seconds_count{outcome=\"http_400\"} 1\n"), metrics);
        long end = running.pair.certificate().getNotAfter().toInstant().getEpochSecond();
        String gauge = "kube_vxlan_webhook_certificate_not_after_timestamp_seconds " + (double) end + "\n";
        assertTrue(metrics.contains(gauge), metrics);
    }

    @Test
    void answersAcceptedRequestWhileItStopsAndTakesNoNewConnection() throws Exception {
        running.cluster.mayGoOn = new CountDownLatch(1);
        String review = Reviews.create("default", Reviews.POD);
        try (HttpClient client = running.client()) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(running.mutate(review), BodyHandlers.ofString());
            running.cluster.asked.await();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(running.webhook::close);
            Await.until(this::refusesConnections);
            running.cluster.mayGoOn.countDown();
            assertEquals(200, answer.get().statusCode());
            closed.get();
        }
    }

    @Test
    void closesConnectionsAsTheyAreUsedWhileItDrains() throws Exception {
        assertTrue(running.send(running.mutate(Reviews.create("default", Reviews.POD)))
                .headers()
                .firstValue("Connection")
                .isEmpty());
        running.webhook.drain(Duration.ZERO);
        HttpResponse<String> response = running.send(running.mutate(Reviews.create("default", Reviews.POD)));
        assertEquals(200, response.statusCode());
        assertEquals("close", response.headers().firstValue("Connection").orElse(""));
        assertEquals("shutting down\n", running.admin("/readyz").body());
    }

    private boolean refusesConnections() {
        try {
            new Socket("localhost", running.webhook.port()).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private HttpResponse<String> answerFor(String namespace) throws IOException, InterruptedException {
        return running.send(running.mutate(Reviews.create(namespace, Reviews.POD)));
    }

    private JsonNode good() throws IOException, InterruptedException {
        return good(running);
    }

    private static JsonNode good(RunningWebhook webhook) throws IOException, InterruptedException {
        HttpResponse<String> response = webhook.send(webhook.mutate(Reviews.create("default", Reviews.POD)));
        assertEquals(200, response.statusCode(), response.body());
        JsonNode answer = Json.parse(response.body()).path("response");
        assertEquals(Reviews.UID, answer.path("uid").textValue());
        assertTrue(answer.path("allowed").booleanValue());
        return answer;
    }

    /** The usual ones, but for the connections, and with an hour for a request to arrive. */
    private static Limits patientLimits(int connections) {
        Limits usual = Limits.of(64);
        Arrival ample = new Arrival(Duration.ofHours(1), Duration.ofHours(1));
        return new Limits(usual.requests(), connections, usual.memory(), usual.patience(), ample);
    }
}
