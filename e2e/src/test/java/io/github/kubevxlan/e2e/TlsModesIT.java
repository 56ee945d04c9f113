package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.CertManager;
import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Issuer;
import io.github.kubevxlan.e2e.harness.PodLoad;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The modes in which others keep the webhook's certificate, and the way back. */
@Alone("changes the TLS mode")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TlsModesIT {
    private static final String FILES = "e2e-tls-files";
    private static final String ISSUER = "e2e-issuer";
    private static final String SERVED = "kube-vxlan-controller-cert-manager-tls";
    private static final String OWN_CA = "kube-vxlan-controller-cert-manager-ca";

    @RegisterExtension
    static final Stage stage = Stage.named("tls");

    @TempDir
    private Path folder;

    @AfterEach
    void removeWhatTheModesLeave() {
        List.of(FILES, ISSUER, SERVED, OWN_CA)
                .forEach(name -> Certificates.secret(name).delete());
    }

    @Test
    void filesByANewAuthorityAreServedWithoutARestartOrARefusedPod() throws IOException {
        Issuer first = new Issuer(folder, "first");
        Issuer second = new Issuer(folder, "second");
        Issuer.Pair next = second.pair(3);
        write(FILES, first.pair(2));
        Path both = Files.writeString(folder.resolve("both.pem"), first.authority() + second.authority());
        Release files = Release.with(
                "--set=tls.mode=files",
                "--set=tls.files.volume.secret.secretName=" + FILES,
                "--set-file=tls.files.caBundle=" + both);
        try (files) {
            whilePodsAreMade(() -> {
                write(FILES, next);
                Webhook.hurryKubelet();
                await(
                        "every webhook serves the new files",
                        () -> Webhook.servedUntil().equals(Set.of(next.until())));
                Certificates.setCaBundles(second.authority());
            });
        }
        await(
                "pods can be made in mode self again",
                () -> stage.refused(member()).isEmpty());
    }

    @Test
    void certManagerIssuesAndRenewsWithoutARestartOrARefusedPod() {
        CertManager certManager = CertManager.start();
        try (certManager) {
            Release release = Release.with("--set=tls.mode=cert-manager");
            try (release) {
                CertManager.awaitIssued(Cluster.WEBHOOK);
                await("pods can be made", () -> stage.refused(member()).isEmpty());
                whilePodsAreMade(() -> {
                    Optional<String> authority = Certificates.entry(OWN_CA, "tls.crt");
                    CertManager.renew(Cluster.CONTROLLER + "-ca");
                    assertNotEquals(authority, Certificates.entry(OWN_CA, "tls.crt"));
                    Optional<String> served = Certificates.entry(SERVED, "tls.crt");
                    CertManager.renew(Cluster.WEBHOOK);
                    assertNotEquals(served, Certificates.entry(SERVED, "tls.crt"));
                });
                takesAnIssuerOfTheUsers();
            }
        }
        await(
                "pods can be made in mode self again",
                () -> stage.refused(member()).isEmpty());
    }

    private void takesAnIssuerOfTheUsers() {
        Issuer users = new Issuer(folder, "users");
        write(ISSUER, users.authorityPair());
        CertManager.apply("""
            apiVersion: cert-manager.io/v1
            kind: Issuer
            metadata: {name: %s, namespace: %s}
            spec: {ca: {secretName: %s}}
            """.formatted(ISSUER, Cluster.SYSTEM, ISSUER));
        Set<String> pods = uids();
        Release.upgrade(
                "--set=tls.certManager.issuerRef.name=" + ISSUER, "--set=tls.certManager.issuerRef.kind=Issuer");
        await(
                "the webhooks trust the user's issuer",
                () -> Certificates.caBundles().stream()
                        .allMatch(bundle -> bundle.contains(users.authority().strip())));
        await("pods can be made", () -> stage.refused(member()).isEmpty());
        assertEquals(
                Optional.of(users.authority().strip()),
                Certificates.entry(SERVED, "ca.crt").map(String::strip));
        assertEquals(pods, uids(), "no webhook was started anew");
    }

    /** Does it, and then waits for a hundred pods more; nobody's pod is refused and no webhook starts anew. */
    private static void whilePodsAreMade(Runnable action) {
        Set<String> pods = uids();
        PodLoad load = PodLoad.start(stage);
        try (load) {
            action.run();
            int enough = load.tried() + 100;
            await("a hundred pods more", () -> load.tried() > enough);
        }
        assertEquals(List.of(), load.failures());
        assertEquals(pods, uids(), "no webhook was started anew");
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofMinutes(2), () -> condition.getAsBoolean() ? Optional.empty() : Optional.of("no"));
    }

    /** The webhook's containers: one that was started again is another. */
    private static Set<String> uids() {
        return Webhook.pods().stream()
                .map(pod -> pod.getMetadata().getUid() + ", restarts: " + Pods.restarts(pod, "webhook"))
                .collect(Collectors.toSet());
    }

    private static Pod member() {
        return Pods.member("tried", "vxeth0");
    }

    private static void write(String secret, Issuer.Pair pair) {
        Cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(Cluster.SYSTEM)
                        .withName(secret)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToData("tls.crt", Certificates.encoded(pair.certificate()))
                        .addToData("tls.key", Certificates.encoded(pair.key()))
                        .build())
                .serverSideApply();
    }
}
