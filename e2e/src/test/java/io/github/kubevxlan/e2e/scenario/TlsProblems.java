package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Issuer;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import io.github.kubevxlan.e2e.scenario.InjectedProblem.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Problems of the webhook's certificate and of the trust in it, where users keep both ({@code tls.mode} {@code files}): in
 * mode {@code self} the controller mends them by itself at once. The release is in that mode from the first problem until
 * this is closed.
 */
public final class TlsProblems implements AutoCloseable {
    private static final String SECRET = "e2e-doctor-tls";

    private final Stage stage;
    private final Path folder;
    private @Nullable Release before;
    private @Nullable Issuer issuer;

    /** Takes a namespace for members, and a folder for keys and certificates. */
    public TlsProblems(Stage stage, Path folder) {
        this.stage = stage;
        this.folder = folder;
    }

    /** The webhook configurations trust an authority that has signed nothing. */
    public InjectedProblem wrongBundle() {
        return new InjectedProblem(
                "a wrong caBundle",
                () -> {
                    install();
                    Certificates.setCaBundles(new Issuer(folder, "stranger").authority());
                },
                List.of(Step.of("admission", Cluster.WEBHOOK, "x509")),
                this::assertTaken);
    }

    /** Nobody has renewed the certificate. */
    public InjectedProblem expired() {
        return certificate("an expired certificate", "-10d", "It expired at");
    }

    /** The one who issued the certificate had a clock that is ahead. */
    public InjectedProblem notYetValid() {
        return certificate("a certificate that is not valid yet", "+2d", "It is valid from");
    }

    /** What the user does whose remedy is to put a new pair in: the pair is in the folder where the remedy is typed. */
    private InjectedProblem certificate(String name, String start, String words) {
        Path place = folder.resolve(words.replace(' ', '-'));
        return new InjectedProblem(
                name,
                () -> {
                    Issuer.Pair next = install().pair(3);
                    write(Issuer.selfSigned(folder, start, 5));
                    try {
                        Files.createDirectory(place);
                        Files.writeString(place.resolve("tls.crt"), next.certificate());
                        Files.writeString(place.resolve("tls.key"), next.key());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                List.of(Step.of("certificate", SECRET, words).in(place)),
                () -> {
                    Webhook.hurryKubelet();
                    Set<Long> until = Set.of(pair(place).until());
                    Await.until(
                            "the webhooks serve the new certificate",
                            () -> Webhook.servedUntil().equals(until) ? Optional.empty() : Optional.of("they do not"));
                    assertTaken();
                });
    }

    private static Issuer.Pair pair(Path place) {
        try {
            return new Issuer.Pair(
                    Files.readString(place.resolve("tls.crt")), Files.readString(place.resolve("tls.key")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Issuer install() {
        Issuer present = issuer;
        if (present != null) {
            return present;
        }
        Issuer made = new Issuer(folder, "authority");
        issuer = made;
        write(made.pair(2));
        try {
            before = Release.with(
                    "--set=tls.mode=files",
                    "--set=tls.files.volume.secret.secretName=" + SECRET,
                    "--set-file=tls.files.caBundle=" + Files.writeString(folder.resolve("ca.pem"), made.authority()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTaken();
        return made;
    }

    private static void write(Issuer.Pair pair) {
        Cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(Cluster.SYSTEM)
                        .withName(SECRET)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToData("tls.crt", Certificates.encoded(pair.certificate()))
                        .addToData("tls.key", Certificates.encoded(pair.key()))
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private void assertTaken() {
        Await.until("a member is taken", () -> stage.refused(Pods.member("taken", "any")));
    }

    @Override
    public void close() {
        if (before != null) {
            before.close();
            Certificates.secret(SECRET).delete();
        }
    }
}
