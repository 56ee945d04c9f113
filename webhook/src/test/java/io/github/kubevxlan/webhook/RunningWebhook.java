package io.github.kubevxlan.webhook;

import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.webhook.WebhookConfig.ServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Map;

/** The webhook on free ports, and a client that trusts it. */
final class RunningWebhook implements AutoCloseable {
    final FakeCluster cluster = new FakeCluster();
    final TestTls authority = new TestTls();
    final TlsReloader tls = new TlsReloader();
    final CertifiedKey pair = authority.pair();
    final Webhook webhook;
    private final HttpClient client;

    RunningWebhook() throws IOException, GeneralSecurityException, StartException {
        this(Limits.of(64));
    }

    RunningWebhook(Limits limits) throws IOException, GeneralSecurityException, StartException {
        TestTls.offer(tls, pair);
        webhook = Webhook.start(config(limits), AgentMode.NATIVE, cluster, tls);
        client = client();
    }

    static WebhookConfig config(Limits limits) {
        WebhookConfig read = WebhookConfig.read(Map.of(
                "KUBEVXLAN_AGENT_IMAGE", "registry.test/agent:1", "KUBEVXLAN_PORT", "0", "KUBEVXLAN_ADMIN_PORT", "0"));
        return new WebhookConfig(
                read.common(),
                new ServerSettings(read.server().port(), read.server().tls(), limits),
                read.injection());
    }

    HttpClient client() throws IOException, GeneralSecurityException {
        return HttpClient.newBuilder().sslContext(authority.client()).build();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + webhook.port() + path))
                .header("Content-Type", "application/json");
    }

    HttpRequest mutate(String body) {
        return request("/mutate").POST(BodyPublishers.ofString(body)).build();
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + webhook.adminPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        webhook.close();
    }
}
