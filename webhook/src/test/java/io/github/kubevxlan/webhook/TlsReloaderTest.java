package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.certs.Pem;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsReloaderTest {
    private static final int SWAPS = 20;

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
    void servesNewCertificateToNewConnections() throws Exception {
        assertEquals(running.pair.certificate(), served());
        CertifiedKey next = running.authority.pair();
        TestTls.offer(running.tls, next);
        assertEquals(next.certificate(), served());
    }

    @Test
    void servesNewChainOfTheSameCertificate() throws Exception {
        CertifiedKey longer = running.authority.withAuthority(running.pair);
        TestTls.offer(running.tls, longer);
        assertArrayEquals(
                longer.chain().toArray(),
                served(running.webhook.port(), "TLSv1.3").getPeerCertificates());
    }

    @Test
    void goesOnWithOpenConnectionsWhenCertificateChanges() throws Exception {
        HttpResponse<String> before = running.send(running.mutate(Reviews.create("default", Reviews.POD)));
        TestTls.offer(running.tls, running.authority.pair());
        HttpResponse<String> after = running.send(running.mutate(Reviews.create("default", Reviews.POD)));
        assertEquals(200, after.statusCode());
        assertEquals(before.connectionLabel(), after.connectionLabel());
        assertEquals(
                running.pair.certificate(), after.sslSession().orElseThrow().getPeerCertificates()[0]);
    }

    @Test
    void theServerStartsWhilePairsAreTaken() throws Exception {
        List<CertifiedKey> pairs = List.of(running.authority.pair(), running.authority.pair());
        for (int i = 0; i < SWAPS; i++) {
            TlsReloader tls = new TlsReloader();
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Void> offers = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    pairs.forEach(pair -> TestTls.offer(tls, pair));
                }
            });
            try (Webhook started =
                    Webhook.start(RunningWebhook.config(Limits.of(64)), AgentMode.NATIVE, running.cluster, tls)) {
                assertTrue(started.port() > 0);
            } finally {
                done.set(true);
                offers.join();
            }
        }
    }

    @Test
    void dropsNoRequestWhileCertificatesChange() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean keepsConnection = i % 2 == 0;
            clients.add(CompletableFuture.supplyAsync(() -> requests(done, keepsConnection)));
        }
        for (int i = 0; i < SWAPS; i++) {
            TestTls.offer(running.tls, running.authority.pair());
        }
        done.set(true);
        for (CompletableFuture<Integer> client : clients) {
            assertTrue(client.get() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
    void keepsOldPairWhenNewKeyIsDamaged(String key) throws Exception {
        byte[] chain = TestTls.ascii(Pem.encode(running.authority.pair().chain()));
        running.tls.offer("test", chain, TestTls.ascii(key));
        assertEquals(running.pair.certificate(), served());
    }

    @Test
    void keepsOldPairWhenNewKeyBelongsToOtherCertificate() throws Exception {
        CertifiedKey next = running.authority.pair();
        byte[] other = TestTls.ascii(Pem.encode(running.authority.pair().key()));
        running.tls.offer("test", TestTls.ascii(Pem.encode(next.chain())), other);
        assertEquals(running.pair.certificate(), served());
    }

    @Test
    void speaksTls12AndLater() throws Exception {
        assertEquals("TLSv1.3", handshake("TLSv1.3"));
        assertEquals("TLSv1.2", handshake("TLSv1.2"));
    }

    /** The JDK's own default refuses older versions too, and can't be changed once it is in use: hence another process. */
    @Test
    void speaksNoOlderTlsEvenIfTheJdkDoes() throws Exception {
        Process old = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OlderTls.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(old.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, old.waitFor(), said);
    }

    @Test
    void failsHandshakeBeforeThereIsCertificate() throws Exception {
        TlsReloader empty = new TlsReloader();
        assertFalse(empty.isLoaded());
        Webhook webhook = Webhook.start(
                WebhookConfig.read(
                        Map.of("KUBEVXLAN_AGENT_IMAGE", "a", "KUBEVXLAN_PORT", "0", "KUBEVXLAN_ADMIN_PORT", "0")),
                AgentMode.NATIVE,
                running.cluster,
                empty);
        try (webhook) {
            assertThrows(SSLHandshakeException.class, () -> served(webhook.port(), "TLSv1.3"));
            TestTls.offer(empty, running.pair);
            assertEquals(
                    running.pair.certificate(),
                    served(webhook.port(), "TLSv1.3").getPeerCertificates()[0]);
        }
    }

    private int requests(AtomicBoolean done, boolean keepsConnection) {
        int answered = 0;
        try (HttpClient kept = running.client()) {
            while (!done.get() || answered == 0) {
                try (HttpClient fresh = running.client()) {
                    HttpResponse<String> response = (keepsConnection ? kept : fresh)
                            .send(running.mutate(Reviews.create("default", Reviews.POD)), BodyHandlers.ofString());
                    assertEquals(200, response.statusCode());
                    answered++;
                }
            }
        } catch (Exception e) {
            throw new AssertionError("after " + answered + " answers", e);
        }
        return answered;
    }

    private Certificate served() throws Exception {
        return served(running.webhook.port(), "TLSv1.3").getPeerCertificates()[0];
    }

    private String handshake(String protocol) throws Exception {
        return served(running.webhook.port(), protocol).getProtocol();
    }

    private SSLSession served(int port, String protocol) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) running.authority.client().getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession();
        }
    }
}
