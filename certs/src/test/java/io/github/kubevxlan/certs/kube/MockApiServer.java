package io.github.kubevxlan.certs.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A mock of the API server that stores objects and versions, remembers requests, and answers as a test tells it. */
final class MockApiServer implements AutoCloseable {
    static final String NAMESPACE = "kube-system";
    static final String MUTATING_PATH = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/vxlan";

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final Queue<Request> recorded = new ConcurrentLinkedQueue<>();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), scripted, new Recording(scripted), false);
    private final KubernetesClient client;

    MockApiServer() {
        server.init();
        client = server.createClient(builder ->
                builder.withConfig(new ConfigBuilder(server.createClient().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build()));
    }

    KubernetesMockServer server() {
        return server;
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }

    Secret secret(String name) {
        return client.secrets().inNamespace(NAMESPACE).withName(name).get();
    }

    MutatingWebhookConfiguration configuration() {
        return client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("vxlan")
                .get();
    }

    List<String> caBundles() {
        return configuration().getWebhooks().stream()
                .map(webhook -> webhook.getClientConfig().getCaBundle())
                .toList();
    }

    void forgetRequests() {
        recorded.clear();
    }

    /** Method and path of each request, once. */
    Set<String> requests() {
        return recorded.stream().map(Request::line).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What was sent with the requests of this method and path. */
    String bodies(String line) {
        return recorded.stream()
                .filter(request -> request.line().equals(line))
                .map(Request::body)
                .collect(Collectors.joining());
    }

    private record Request(String line, String body) {}

    private final class Recording extends KubernetesMixedDispatcher {
        Recording(Map<ServerRequest, Queue<ServerResponse>> scripted) {
            super(scripted);
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String body = new String(request.getBody().getBytes(), StandardCharsets.UTF_8);
            recorded.add(new Request(request.method() + " " + request.getPath(), body));
            return super.dispatch(request);
        }
    }

    static Secret secret(String name, Map<String, String> labels, Map<String, String> annotations) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withType("example.com/any")
                .build();
    }

    static MutatingWebhookConfiguration mutating(String... caBundles) {
        List<MutatingWebhook> webhooks = IntStream.range(0, caBundles.length)
                .mapToObj(i -> new MutatingWebhookBuilder()
                        .withName("w" + i)
                        .withFailurePolicy("Fail")
                        .withNewClientConfig()
                        .withCaBundle(caBundles[i])
                        .withNewService(NAMESPACE, "webhook", "/", 443)
                        .endClientConfig()
                        .build())
                .toList();
        return new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("vxlan")
                .addToLabels("app", "x")
                .endMetadata()
                .withWebhooks(webhooks)
                .build();
    }

    static ValidatingWebhookConfiguration validating(String caBundle) {
        return new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("vxlan")
                .endMetadata()
                .addNewWebhook()
                .withName("w0")
                .withNewClientConfig()
                .withCaBundle(caBundle)
                .endClientConfig()
                .endWebhook()
                .build();
    }
}
