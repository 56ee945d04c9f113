package io.github.kubevxlan.certs.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertKeeper;
import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.certs.Names;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a keeper that looks but once a minute by itself: what is right before then is so because of the watch. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertWatchTest {
    private final MockApiServer api = new MockApiServer();
    private final KubeCertStore.Objects objects = new KubeCertStore.Objects(
            MockApiServer.NAMESPACE, "ca", "tls", List.of(new WebhookRef(WebhookRef.Kind.MUTATING, "vxlan")));
    private final CertKeeper keeper = new CertKeeper(
            new CertKeeper.Settings(Names.ofService("webhook", MockApiServer.NAMESPACE), Lifetimes.DEFAULT),
            new KubeCertStore(api.client(), objects),
            new CertAuthority(Clock.systemUTC(), new SecureRandom()),
            Clock.systemUTC());
    private final Semaphore changes = new Semaphore(0);
    private final CertWatch watch = CertWatch.start(api.client(), objects, () -> {
        keeper.wake();
        changes.release();
    });

    @BeforeEach
    void keep() throws Exception {
        api.client().resource(MockApiServer.mutating("", "")).create();
        Thread.ofVirtual().start(keeper);
        keeper.firstDone().get();
        await(() -> bundlesEqual(text("ca", "ca.crt")));
    }

    @AfterEach
    void stop() {
        watch.close();
        keeper.close();
        api.close();
    }

    @Test
    void deletedServingCertificateComesBackByTheSameAuthority() throws Exception {
        String authority = text("tls", "ca.crt");
        api.client().resource(api.secret("tls")).delete();
        await(() -> find("tls").isPresent());
        assertEquals(authority, text("tls", "ca.crt"));
    }

    @Test
    void damagedServingCertificateIsReplaced() throws Exception {
        Secret damaged = new SecretBuilder(api.secret("tls"))
                .withData(Map.of("tls.crt", "AAAA", "tls.key", "AAAA"))
                .build();
        api.client().resource(damaged).update();
        await(() -> text("tls", "tls.crt").startsWith("-----BEGIN"));
    }

    @Test
    void deletedAuthorityIsReplacedAndTheOldOneStaysTrusted() throws Exception {
        String before = text("ca", "ca.crt");
        api.client().resource(api.secret("ca")).delete();
        await(() -> find("ca").isPresent() && bundlesEqual(text("ca", "ca.crt") + before));
        assertNotEquals(before, text("ca", "ca.crt"));
    }

    @Test
    void damagedTrustIsRestored() throws Exception {
        api.client()
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("vxlan")
                .edit(before -> MockApiServer.mutating("", "AAAA"));
        await(() -> bundlesEqual(text("ca", "ca.crt")));
    }

    private Optional<Secret> find(String secret) {
        return Optional.ofNullable(api.secret(secret));
    }

    private String text(String secret, String key) {
        return find(secret)
                .map(found -> found.getData().get(key))
                .map(CertWatchTest::decoded)
                .orElse("absent");
    }

    private boolean bundlesEqual(String bundle) {
        return api.caBundles().stream().map(CertWatchTest::decoded).toList().equals(List.of(bundle, bundle));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
    }

    /** What is awaited are changes to what is watched, so nothing has to be looked at in between. */
    private void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            changes.acquire();
        }
    }
}
