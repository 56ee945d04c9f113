package io.github.kubevxlan.webhook.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.cluster.Connection;
import io.github.kubevxlan.webhook.TestTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the API server is, is verified: the service account's token is for no other. */
class ForeignServerTest {
    private static final String SETTING = "kubeconfig";

    private final TestTls authority = new TestTls();
    private final AtomicInteger served = new AtomicInteger();

    @Test
    void nothingIsSentToAServerOfAnotherAuthority(@TempDir Path folder) throws Exception {
        assertEquals("served", ask(folder, authority));
        assertEquals(1, served.get());

        assertThrows(KubernetesClientException.class, () -> ask(folder, new TestTls()));
        assertEquals(1, served.get());
    }

    private String ask(Path folder, TestTls trusted) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
        server.createContext("/", exchange -> {
            served.incrementAndGet();
            byte[] answer = "served".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(kubeconfig, kubeconfig(server.getAddress().getPort(), trusted));
        System.setProperty(SETTING, kubeconfig.toString());
        try (KubernetesClient client = Connection.open()) {
            return client.raw("/readyz");
        } finally {
            System.clearProperty(SETTING);
            server.stop(0);
        }
    }

    private static String kubeconfig(int port, TestTls trusted) {
        return """
            apiVersion: v1
            kind: Config
            current-context: one
            clusters:
            - name: one
              cluster: {server: "https://localhost:%d", certificate-authority-data: %s}
            contexts:
            - name: one
              context: {cluster: one, user: one}
            users:
            - name: one
              user: {token: secret}
            """.formatted(port, trusted.authorityData());
    }
}
