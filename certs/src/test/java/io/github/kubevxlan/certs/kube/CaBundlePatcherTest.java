package io.github.kubevxlan.certs.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.github.kubevxlan.certs.CaBundle;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.Snapshot.WebhookConfig;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CaBundlePatcherTest {
    private final MockApiServer api = new MockApiServer();
    private final CaBundlePatcher patcher =
            new CaBundlePatcher(api.client(), new WebhookRef(WebhookRef.Kind.MUTATING, "vxlan"));
    private final CaBundle bundle = new CaBundle(List.of(new CertAuthority(Clock.systemUTC(), new SecureRandom())
            .issueCa(Duration.ofDays(1))
            .certificate()));

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void changesNothingButTheCaBundlesThatDiffer() throws Exception {
        String good = Base64.getEncoder().encodeToString(bundle.pem());
        MutatingWebhookConfiguration before =
                api.client().resource(MockApiServer.mutating(good, "b29wcw==")).create();
        WebhookConfig seen = read();

        patcher.publish(seen, bundle);
        MutatingWebhookConfiguration after = api.configuration();

        assertEquals(List.of(good, good), api.caBundles());
        before.getWebhooks().getLast().getClientConfig().setCaBundle(good);
        assertEquals(before.getWebhooks(), after.getWebhooks());
        assertEquals(before.getMetadata().getLabels(), after.getMetadata().getLabels());
        patcher.publish(read(), bundle);
        assertEquals(
                after.getMetadata().getResourceVersion(),
                api.configuration().getMetadata().getResourceVersion());
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 404, 422})
    void takesAPatchThatFindsAnotherVersionForAConflict(int code) {
        api.client().resource(MockApiServer.mutating("")).create();
        WebhookConfig seen = read();
        api.server()
                .expect()
                .patch()
                .withPath(MockApiServer.MUTATING_PATH)
                .andReturn(code, "{}")
                .once();

        assertThrows(Conflict.class, () -> patcher.publish(seen, bundle));
    }

    @Test
    void guardsThePatchByTheVersionThatWasRead() throws Exception {
        api.client().resource(MockApiServer.mutating("")).create();
        String version = api.configuration().getMetadata().getResourceVersion();
        WebhookConfig seen = read();

        patcher.publish(seen, bundle);

        String patch = api.bodies("PATCH " + MockApiServer.MUTATING_PATH);
        String first = patch.substring(0, patch.indexOf('}'));
        assertTrue(first.contains("\"test\"") && first.contains("\"/metadata/resourceVersion\""), patch);
        assertTrue(first.contains("\"" + version + "\""), patch);
    }

    @Test
    void saysWhatWasRefused() {
        api.client().resource(MockApiServer.mutating("")).create();
        WebhookConfig seen = read();
        Status status =
                new StatusBuilder().withCode(403).withMessage("w is forbidden").build();
        api.server()
                .expect()
                .patch()
                .withPath(MockApiServer.MUTATING_PATH)
                .andReturn(403, status)
                .once();

        StoreException failure = assertThrows(StoreException.class, () -> patcher.publish(seen, bundle));

        assertEquals("set caBundle of MutatingWebhookConfiguration vxlan: 403 w is forbidden", failure.getMessage());
    }

    @Test
    void leavesAloneAConfigurationInWhichCertManagerInjects() {
        MutatingWebhookConfiguration managed = MockApiServer.mutating("");
        managed.getMetadata().setAnnotations(Map.of("cert-manager.io/inject-ca-from", "kube-system/x"));
        api.client().resource(managed).create();

        assertThrows(StoreException.class, patcher::read);
    }

    private WebhookConfig read() {
        return patcher.read().orElseThrow();
    }
}
