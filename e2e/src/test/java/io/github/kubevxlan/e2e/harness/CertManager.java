package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** cert-manager itself, in the lab until it is closed. Its log is in {@code target/cert-manager.log}. */
public final class CertManager implements AutoCloseable {
    private static final String API = "cert-manager.io/v1";

    private final Process process;

    private CertManager(Process process) {
        this.process = process;
    }

    /** Installs and starts it; the first time ever it has to be built, which takes minutes. */
    public static CertManager start() {
        try {
            Process process = TestedLab.process(List.of("lab/cert-manager"))
                    .redirectError(new File("target/cert-manager.log").getAbsoluteFile())
                    .start();
            BufferedReader output = process.inputReader();
            if (output.readLine() == null) {
                throw new AssertionError("cert-manager does not start, see target/cert-manager.log");
            }
            return new CertManager(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a Certificate of the product's namespace is issued as it is asked for. */
    public static void awaitIssued(String certificate) {
        Await.until("Certificate " + certificate + " is issued", () -> {
            GenericKubernetesResource found = Cluster.client()
                    .genericKubernetesResources(API, "Certificate")
                    .inNamespace(Cluster.SYSTEM)
                    .withName(certificate)
                    .get();
            return conditions(found).contains("type=Ready")
                            && !conditions(found).contains("type=Issuing")
                            && !conditions(found).contains("status=False")
                    ? Optional.empty()
                    : Optional.of(conditions(found));
        });
    }

    /** Has a Certificate renewed before its time, as {@code cmctl renew} does. */
    public static void renew(String certificate) {
        Map<String, Object> issuing = Map.of(
                "type", "Issuing",
                "status", "True",
                "reason", "ManuallyTriggered",
                "lastTransitionTime", Instant.now().toString());
        Cluster.client()
                .genericKubernetesResources(API, "Certificate")
                .inNamespace(Cluster.SYSTEM)
                .withName(certificate)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        Cluster.client()
                                .getKubernetesSerialization()
                                .asJson(List.of(
                                        Map.of("op", "add", "path", "/status/conditions/-", "value", issuing))));
        awaitIssued(certificate);
    }

    /** Makes an object of cert-manager's, given as YAML. */
    public static void apply(String yaml) {
        Cluster.client().resource(yaml).serverSideApply();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String conditions(GenericKubernetesResource certificate) {
        return String.valueOf(certificate.<Object>get("status", "conditions"));
    }
}
