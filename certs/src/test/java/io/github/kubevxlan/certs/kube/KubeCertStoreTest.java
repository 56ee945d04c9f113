package io.github.kubevxlan.certs.kube;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
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
import io.github.kubevxlan.certs.CaBundle;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertKeeper;
import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.certs.Names;
import io.github.kubevxlan.certs.SecretData;
import io.github.kubevxlan.certs.Snapshot;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a mock of the API server that stores objects and versions. It is laxer than a real one about JSON patches, and
 * answers a {@code test} that does not hold in its own way; that part is tested where a real server is.
 */
@Timeout(60)
class KubeCertStoreTest {
    private static final String NAMESPACE = "kube-system";
    private static final WebhookRef MUTATING = new WebhookRef(WebhookRef.Kind.MUTATING, "vxlan");
    private static final WebhookRef VALIDATING = new WebhookRef(WebhookRef.Kind.VALIDATING, "vxlan");
    private static final Map<String, byte[]> DATA = Map.of("a", new byte[] {1, 2});

    private static final String MUTATING_PATH =
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/vxlan";

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final Queue<Request> recorded = new ConcurrentLinkedQueue<>();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), scripted, new Recording(scripted), false);
    private final CertAuthority authority = new CertAuthority(Clock.systemUTC(), new SecureRandom());
    private final CaBundle bundle =
            new CaBundle(List.of(authority.issueCa(Duration.ofDays(1)).certificate()));
    private final KubernetesClient client;
    private final KubeCertStore store;

    KubeCertStoreTest() {
        server.init();
        client = server.createClient(builder ->
                builder.withConfig(new ConfigBuilder(server.createClient().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build()));
        store = new KubeCertStore(
                client, new KubeCertStore.Objects(NAMESPACE, "ca", "tls", List.of(MUTATING, VALIDATING)));
    }

    @AfterEach
    void stop() {
        client.close();
        server.destroy();
    }

    @Test
    void keepsCertificatesInSecretsAndTheirAuthorityInEveryWebhook() throws Exception {
        client.resource(mutating("", "")).create();
        client.resource(validating("")).create();

        keepOnce();

        Secret ca = secret("ca");
        Secret tls = secret("tls");
        assertEquals("Opaque", ca.getType());
        assertEquals("kubernetes.io/tls", tls.getType());
        assertEquals(Set.of("ca.crt", "ca.key"), ca.getData().keySet());
        assertEquals(Set.of("tls.crt", "tls.key", "ca.crt"), tls.getData().keySet());
        String trusted = ca.getData().get("ca.crt");
        assertEquals(List.of(trusted, trusted), caBundles());
        assertEquals(
                trusted,
                client.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName("vxlan")
                        .get()
                        .getWebhooks()
                        .getFirst()
                        .getClientConfig()
                        .getCaBundle());
    }

    @Test
    void usesNoOtherRightsThanDocumented() throws Exception {
        client.resource(mutating("", "")).create();
        client.resource(validating("")).create();
        recorded.clear();
        keepOnce();
        Set<String> requests = requests();
        client.resource(new SecretBuilder(secret("tls")).withData(Map.of()).build())
                .update();
        recorded.clear();

        keepOnce();

        requests.addAll(requests());
        String webhooks = "/apis/admissionregistration.k8s.io/v1/";
        String secrets = "/api/v1/namespaces/kube-system/secrets";
        assertEquals(
                new TreeSet<>(Set.of(
                        "GET " + webhooks + "mutatingwebhookconfigurations/vxlan",
                        "GET " + webhooks + "validatingwebhookconfigurations/vxlan",
                        "PATCH " + webhooks + "mutatingwebhookconfigurations/vxlan",
                        "PATCH " + webhooks + "validatingwebhookconfigurations/vxlan",
                        "GET " + secrets + "/ca",
                        "GET " + secrets + "/tls",
                        "POST " + secrets,
                        "PUT " + secrets + "/tls")),
                requests);
    }

    @Test
    void changesNothingButTheCaBundlesThatDiffer() throws Exception {
        String good = Base64.getEncoder().encodeToString(bundle.pem());
        MutatingWebhookConfiguration before =
                client.resource(mutating(good, "b29wcw==")).create();
        Snapshot seen = store.read();

        store.publish(seen, bundle);
        MutatingWebhookConfiguration after = configuration();

        assertEquals(List.of(good, good), caBundles());
        before.getWebhooks().getLast().getClientConfig().setCaBundle(good);
        assertEquals(before.getWebhooks(), after.getWebhooks());
        assertEquals(before.getMetadata().getLabels(), after.getMetadata().getLabels());
        store.publish(store.read(), bundle);
        assertEquals(
                after.getMetadata().getResourceVersion(),
                configuration().getMetadata().getResourceVersion());
    }

    @Test
    void keepsLabelsAndTypeOfASecretThatIsThere() throws Exception {
        client.resource(secret("ca", Map.of("app", "x"), Map.of())).create();

        store.writeCa(store.read(), DATA);

        assertEquals(Map.of("app", "x"), secret("ca").getMetadata().getLabels());
        assertEquals("example.com/any", secret("ca").getType());
        assertArrayEquals(DATA.get("a"), store.read().ca().data().get("a"));
    }

    @Test
    void refusesToWriteASecretThatCameChangedOrWentSinceItWasRead() throws Exception {
        Snapshot nothing = store.read();
        store.writeCa(nothing, DATA);
        assertThrows(Conflict.class, () -> store.writeCa(nothing, DATA));

        Snapshot first = store.read();
        store.writeCa(first, Map.of("a", new byte[] {3}));
        assertThrows(Conflict.class, () -> store.writeCa(first, DATA));

        Snapshot second = store.read();
        client.secrets().inNamespace(NAMESPACE).withName("ca").delete();
        assertThrows(Conflict.class, () -> store.writeCa(second, DATA));
        assertEquals(SecretData.ABSENT, store.read().ca());
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 404})
    void takesALostRaceInTheServerForAConflict(int code) throws Exception {
        store.writeCa(store.read(), DATA);
        Snapshot seen = store.read();
        server.expect()
                .put()
                .withPath("/api/v1/namespaces/kube-system/secrets/ca")
                .andReturn(code, "{}")
                .once();

        assertThrows(Conflict.class, () -> store.writeCa(seen, DATA));
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 404, 422})
    void takesAPatchThatFindsAnotherVersionForAConflict(int code) {
        client.resource(mutating("")).create();
        Snapshot seen = store.read();
        server.expect().patch().withPath(MUTATING_PATH).andReturn(code, "{}").once();

        assertThrows(Conflict.class, () -> store.publish(seen, bundle));
    }

    @Test
    void guardsThePatchByTheVersionThatWasRead() throws Exception {
        client.resource(mutating("")).create();
        String version = configuration().getMetadata().getResourceVersion();
        Snapshot seen = store.read();

        store.publish(seen, bundle);

        String patch = recorded.stream()
                .filter(request -> request.line().equals("PATCH " + MUTATING_PATH))
                .map(Request::body)
                .collect(Collectors.joining());
        String first = patch.substring(0, patch.indexOf('}'));
        assertTrue(first.contains("\"test\"") && first.contains("\"/metadata/resourceVersion\""), patch);
        assertTrue(first.contains("\"" + version + "\""), patch);
    }

    @Test
    void saysWhatWasRefused() {
        client.resource(mutating("")).create();
        Snapshot seen = store.read();
        Status status =
                new StatusBuilder().withCode(403).withMessage("w is forbidden").build();
        server.expect().patch().withPath(MUTATING_PATH).andReturn(403, status).once();

        StoreException failure = assertThrows(StoreException.class, () -> store.publish(seen, bundle));

        assertEquals("set caBundle of MutatingWebhookConfiguration vxlan: 403 w is forbidden", failure.getMessage());
    }

    @Test
    void saysWhatKeptItFromAsking() {
        server.destroy();

        StoreException failure = assertThrows(StoreException.class, store::read);

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("read MutatingWebhookConfiguration vxlan: "), message);
        assertTrue(message.contains("java.net.ConnectException"), message);
    }

    @Test
    void leavesAloneWhatBelongsToCertManager() {
        client.resource(secret("tls", Map.of(), Map.of("cert-manager.io/certificate-name", "x")))
                .create();

        StoreException failure = assertThrows(StoreException.class, store::read);

        assertEquals(
                "Secret kube-system/tls belongs to cert-manager (annotation cert-manager.io/certificate-name) and is"
                        + " left alone; use TLS mode cert-manager, or delete the annotation",
                failure.getMessage());
    }

    @Test
    void leavesAloneAConfigurationInWhichCertManagerInjects() {
        MutatingWebhookConfiguration managed = mutating("");
        managed.getMetadata().setAnnotations(Map.of("cert-manager.io/inject-ca-from", "kube-system/x"));
        client.resource(managed).create();

        assertThrows(StoreException.class, store::read);
    }

    @Test
    void passesOverAConfigurationThatDoesNotExist() {
        client.resource(validating("")).create();

        Snapshot seen = store.read();

        assertEquals(
                List.of("ValidatingWebhookConfiguration vxlan"),
                seen.webhooks().stream().map(Snapshot.WebhookConfig::name).toList());
    }

    private void keepOnce() throws Exception {
        CertKeeper.Settings settings =
                new CertKeeper.Settings(Names.ofService("webhook", NAMESPACE), Lifetimes.DEFAULT);
        try (CertKeeper keeper = new CertKeeper(settings, store, authority, Clock.systemUTC())) {
            Thread.ofVirtual().start(keeper);
            keeper.firstDone().get();
        }
    }

    private Secret secret(String name) {
        return client.secrets().inNamespace(NAMESPACE).withName(name).get();
    }

    private MutatingWebhookConfiguration configuration() {
        return client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("vxlan")
                .get();
    }

    private List<String> caBundles() {
        return configuration().getWebhooks().stream()
                .map(webhook -> webhook.getClientConfig().getCaBundle())
                .toList();
    }

    private Set<String> requests() {
        return recorded.stream().map(Request::line).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @param line method and path */
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

    private static Secret secret(String name, Map<String, String> labels, Map<String, String> annotations) {
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

    private static MutatingWebhookConfiguration mutating(String... caBundles) {
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

    private static ValidatingWebhookConfiguration validating(String caBundle) {
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
