package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** cert-manager itself, in the lab until it is closed. Its log is in {@code target/cert-manager.log}. */
public final class CertManager implements AutoCloseable {
    private static final String API = "cert-manager.io/v1";

    private final LabProgram program;

    private CertManager(LabProgram program) {
        this.program = program;
    }

    /** Installs and starts it; the first time ever it has to be built, which takes minutes. */
    public static CertManager start() {
        return new CertManager(LabProgram.start("cert-manager"));
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
        program.close();
    }

    private static String conditions(GenericKubernetesResource certificate) {
        return String.valueOf(certificate.<Object>get("status", "conditions"));
    }
}
