package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import io.github.kubevxlan.e2e.scenario.Rotation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Alone("rotates and damages certificates")
class CertificateIT {
    /** A bearer token, or the head of any that is signed: JSON in base64, and a dot. */
    private static final Pattern TOKEN = Pattern.compile("Bearer |eyJ[A-Za-z0-9_-]{20,}\\.");

    private static final Rotation ROTATION = new Rotation("75s", "150s", "5s", Duration.ofSeconds(50));

    @RegisterExtension
    static final Stage stage = Stage.named("certificates");

    private static @Nullable Release shortLived;

    @BeforeAll
    static void install() {
        shortLived = ROTATION.install();
    }

    @AfterAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void noPodIsRefusedWhenCertificatesLiveLongAgain() {
        if (shortLived != null) {
            assertEquals(List.of(), Rotation.giveBack(shortLived, stage));
        }
    }

    @Test
    void noPodIsRefusedWhileCertificatesRotateAndControllerAndWebhookAreKilled() {
        Rotation.Seen seen = ROTATION.play(stage);
        System.out.println(seen);
        assertEquals(List.of(), seen.failures());
        assertEquals(List.of(), seen.leaks());
    }

    @Test
    void deletedCertificateComesBack() {
        Optional<String> before = Certificates.entry(Certificates.TLS_SECRET, "tls.crt");
        Certificates.secret(Certificates.TLS_SECRET).delete();
        awaitRepair("a new serving certificate", () -> {
            Optional<String> now = Certificates.entry(Certificates.TLS_SECRET, "tls.crt");
            return now.isPresent() && !now.equals(before);
        });
    }

    @Test
    void damagedCertificateIsReplaced() {
        Certificates.overwrite(Certificates.TLS_SECRET, Map.of("tls.crt", "AAAA", "tls.key", "AAAA"));
        awaitRepair("a whole serving certificate", () -> holdsCertificate(Certificates.TLS_SECRET, "tls.crt"));
    }

    @Test
    void deletedAuthorityIsReplacedAndTrustedBesideTheOldOne() {
        String before = Certificates.entry(Certificates.CA_SECRET, "ca.crt").orElseThrow();
        Certificates.secret(Certificates.CA_SECRET).delete();
        awaitRepair(
                "a new CA beside the old one",
                () -> holdsCertificate(Certificates.CA_SECRET, "ca.crt")
                        && isTrusted()
                        && Certificates.caBundles().stream().allMatch(bundle -> bundle.contains(before)));
    }

    @Test
    void damagedAuthorityIsReplaced() {
        Certificates.overwrite(Certificates.CA_SECRET, Map.of("ca.crt", "AAAA", "ca.key", "AAAA"));
        awaitRepair("a new CA", () -> holdsCertificate(Certificates.CA_SECRET, "ca.crt") && isTrusted());
    }

    @Test
    void deletedTrustIsRestored() {
        Certificates.setCaBundles("");
        awaitRepair("the trust", CertificateIT::isTrusted);
    }

    @Test
    void trustInSomebodyElseIsReplaced() {
        String stranger = Certificates.entry(Certificates.TLS_SECRET, "tls.crt").orElseThrow();
        Certificates.setCaBundles(stranger);
        awaitRepair(
                "the trust",
                () -> isTrusted() && Certificates.caBundles().stream().noneMatch(bundle -> bundle.contains(stranger)));
    }

    @Test
    void controllersThatStartAtOnceWithNothingMakeOneAuthority() {
        Controller.kill();
        Certificates.secret(Certificates.CA_SECRET).delete();
        Certificates.secret(Certificates.TLS_SECRET).delete();
        Certificates.setCaBundles("");
        Set<String> made = new ConcurrentSkipListSet<>();
        try (Watch watch = Certificates.secret(Certificates.CA_SECRET).watch(collecting(made))) {
            Controller.start();
            awaitRepair(
                    "both Secrets and the trust",
                    () -> holdsCertificate(Certificates.TLS_SECRET, "tls.crt") && isTrusted());
            assertEquals(Set.of(Set.copyOf(Certificates.caBundles())), Set.of(made), watch::toString);
        }
    }

    @Test
    void onlyTheControllerMayReadTheAuthoritysKeyAndTheWebhookItsOwn() {
        for (String verb : List.of("get", "list", "watch", "update", "patch", "delete")) {
            assertTrue(
                    !Cluster.mayDo(Cluster.WEBHOOK, verb, "secrets", Certificates.CA_SECRET),
                    "the webhook may not " + verb + " the CA");
            assertTrue(
                    !Cluster.mayDo(Cluster.WEBHOOK, verb, "secrets", "")
                            && !Cluster.mayDo(Cluster.CONTROLLER, verb, "secrets", ""),
                    "nobody may " + verb + " every Secret");
        }
        assertTrue(Cluster.mayDo(Cluster.WEBHOOK, "list", "secrets", Certificates.TLS_SECRET));
        assertTrue(Cluster.mayDo(Cluster.CONTROLLER, "get", "secrets", Certificates.CA_SECRET));
    }

    /** The release logs at level trace here. */
    @Test
    void tokensAreInNoLogHoweverMuchIsLogged() {
        stage.define("e2e-logs", "8620");
        stage.start(Pods.member("member", "e2e-logs"));
        List<Pod> ours = Stream.concat(Controller.listed().stream(), Webhook.pods().stream())
                .toList();
        assertTrue(ours.stream().map(Cluster::log).anyMatch(log -> log.contains("/member")), "the pod is in a log");
        ours.forEach(pod -> assertFalse(TOKEN.matcher(Cluster.log(pod)).find(), "a token in the log of " + pod));
    }

    private static void awaitRepair(String what, BooleanSupplier repaired) {
        long begun = System.nanoTime();
        Await.until(what, () -> repaired.getAsBoolean() ? Optional.empty() : Optional.of("damage"));
        Await.until("labelled pods can be made", () -> stage.refused(Pods.member("tried", "vxeth0")));
        System.out.printf("%s, and pods can be made: after %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
    }

    private static boolean holdsCertificate(String secret, String key) {
        return Certificates.entry(secret, key)
                .filter(pem -> pem.startsWith("-----BEGIN CERT"))
                .isPresent();
    }

    /** Whether each webhook entry trusts the CA that there is. */
    private static boolean isTrusted() {
        return Certificates.entry(Certificates.CA_SECRET, "ca.crt")
                .filter(authority -> Certificates.caBundles().stream().allMatch(bundle -> bundle.contains(authority)))
                .isPresent();
    }

    private static Watcher<Secret> collecting(Set<String> authorities) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, Secret secret) {
                Certificates.entry(secret, "ca.crt").ifPresent(authorities::add);
            }

            @Override
            public void onClose(WatcherException cause) {
                authorities.add("the watch has failed: " + cause.getMessage());
            }
        };
    }
}
