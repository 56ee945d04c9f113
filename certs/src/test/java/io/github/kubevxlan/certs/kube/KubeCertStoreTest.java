package io.github.kubevxlan.certs.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertKeeper;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.certs.Names;
import io.github.kubevxlan.certs.Snapshot;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Against a mock of the API server that stores objects and versions. It is laxer than a real one about JSON patches, and
 * gives no answer to a {@code test} that does not hold; that one is scripted as a real server gives it.
 */
@Timeout(60)
class KubeCertStoreTest {
    private final MockApiServer api = new MockApiServer();
    private final KubeCertStore store = new KubeCertStore(
            api.client(),
            new KubeCertStore.Objects(
                    MockApiServer.NAMESPACE,
                    "ca",
                    "tls",
                    List.of(
                            new WebhookRef(WebhookRef.Kind.MUTATING, "vxlan"),
                            new WebhookRef(WebhookRef.Kind.VALIDATING, "vxlan"))));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void keepsCertificatesInSecretsAndTheirAuthorityInEveryWebhook() throws Exception {
        api.client().resource(MockApiServer.mutating("", "")).create();
        api.client().resource(MockApiServer.validating("")).create();

        keepOnce();

        Secret ca = api.secret("ca");
        Secret tls = api.secret("tls");
        assertEquals("Opaque", ca.getType());
        assertEquals("kubernetes.io/tls", tls.getType());
        assertEquals(Set.of("ca.crt", "ca.key"), ca.getData().keySet());
        assertEquals(Set.of("tls.crt", "tls.key", "ca.crt"), tls.getData().keySet());
        String trusted = ca.getData().get("ca.crt");
        assertEquals(List.of(trusted, trusted), api.caBundles());
        assertEquals(
                trusted,
                api.client()
                        .admissionRegistration()
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
        api.client().resource(MockApiServer.mutating("", "")).create();
        api.client().resource(MockApiServer.validating("")).create();
        api.forgetRequests();
        keepOnce();
        Set<String> requests = api.requests();
        api.client()
                .resource(
                        new SecretBuilder(api.secret("tls")).withData(Map.of()).build())
                .update();
        api.forgetRequests();

        keepOnce();

        requests.addAll(api.requests());
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
    void saysWhatKeptItFromAsking() {
        api.server().destroy();

        StoreException failure = assertThrows(StoreException.class, store::read);

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("read MutatingWebhookConfiguration vxlan: "), message);
        assertTrue(message.contains("java.net.ConnectException"), message);
    }

    @Test
    void passesOverAConfigurationThatDoesNotExist() {
        api.client().resource(MockApiServer.validating("")).create();

        Snapshot seen = store.read();

        assertEquals(
                List.of("ValidatingWebhookConfiguration vxlan"),
                seen.webhooks().stream().map(Snapshot.WebhookConfig::name).toList());
    }

    private void keepOnce() throws Exception {
        CertKeeper.Settings settings =
                new CertKeeper.Settings(Names.ofService("webhook", MockApiServer.NAMESPACE), Lifetimes.DEFAULT);
        CertAuthority authority = new CertAuthority(Clock.systemUTC(), new SecureRandom());
        try (CertKeeper keeper = new CertKeeper(settings, store, authority, Clock.systemUTC())) {
            Thread.ofVirtual().start(keeper);
            keeper.firstDone().get();
        }
    }
}
