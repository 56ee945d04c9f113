package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clusters and their users do to members by rules and tools of their own. */
class HouseRulesIT {
    /** What Kubernetes allows all annotations of an object to take, keys and values, in bytes. */
    private static final int ANNOTATIONS = 262_144;

    @RegisterExtension
    static final Stage stage = Stage.named("house-rules");

    @Test
    void aCopyOfAMemberThatLostItsLabelStartsItsApp() {
        stage.define("e2e-copied", "8860");
        stage.start(Pods.member("web", "e2e-copied"));

        Client.run(
                "kubectl",
                "--namespace",
                stage.namespace(),
                "debug",
                "web",
                "--copy-to=copy",
                "--container=app",
                "--",
                "sh",
                "-c",
                "exec hold");

        Await.until("the copy's app runs", () -> {
            Pod copy = stage.pod("copy");
            return Pods.isRunning(copy, Pods.APP)
                    ? Optional.empty()
                    : Optional.of(String.valueOf(copy.getStatus().getContainerStatuses()));
        });
        assertTrue(Pods.hasAgent(stage.pod("copy")), "it has the agent that its app waited for");
    }

    @Test
    void annotationsThatLeaveNoRoomForTheStatusAreTold() {
        stage.define("e2e-full", "id=8861 subnet=10.99.0.0/28");
        Pod full = Pods.member("full", "e2e-full");
        int used = full.getMetadata().getAnnotations().entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        int filler = ANNOTATIONS - used - "filler".length() - 100;
        stage.create(new PodBuilder(full)
                .editMetadata()
                .addToAnnotations("filler", "x".repeat(filler))
                .endMetadata()
                .build());

        String told = stage.event("full", "StatusNotWritten");

        assertTrue(told.contains("Too long") || told.contains("262144"), told);
        stage.start(Pods.member("other", "e2e-full"));
    }

    @Test
    void aPolicyThatForbidsExecIsToldInItsOwnWordsUntilItIsGone() {
        stage.define("e2e-closed", "8862");
        ValidatingAdmissionPolicy policy = new ValidatingAdmissionPolicyBuilder()
                .withNewMetadata()
                .withName(stage.namespace())
                .endMetadata()
                .withNewSpec()
                .withFailurePolicy("Fail")
                .withNewMatchConstraints()
                .addNewResourceRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CONNECT")
                .withResources("pods/exec")
                .endResourceRule()
                .endMatchConstraints()
                .addNewValidation()
                .withExpression("false")
                .withMessage("nobody runs commands in this namespace, house rule 17")
                .endValidation()
                .endSpec()
                .build();
        ValidatingAdmissionPolicyBinding binding = new ValidatingAdmissionPolicyBindingBuilder()
                .withNewMetadata()
                .withName(stage.namespace())
                .endMetadata()
                .withNewSpec()
                .withPolicyName(stage.namespace())
                .withValidationActions("Deny")
                .withNewMatchResources()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", stage.namespace())
                .endNamespaceSelector()
                .withNewObjectSelector()
                .endObjectSelector()
                .endMatchResources()
                .endSpec()
                .build();
        try {
            Cluster.client().resource(policy).create();
            Cluster.client().resource(binding).create();
            Await.until("nobody may run commands", () -> isClosed() ? Optional.empty() : Optional.of("one could"));
            stage.create(Pods.member("closed", "e2e-closed"));
            stage.awaitEvent("closed", "AgentFailed", "house rule 17");
            assertFalse(Pods.isRunning(stage.pod("closed"), Pods.APP));
        } finally {
            Cluster.client().resource(binding).delete();
            Cluster.client().resource(policy).delete();
        }

        stage.ready("closed");
    }

    private static boolean isClosed() {
        if (stage.find("probe").isEmpty()) {
            stage.start(Pods.plain("probe", "exec hold"));
        }
        try {
            Client.run("kubectl", "--namespace", stage.namespace(), "exec", "probe", "--", "true");
            return false;
        } catch (AssertionError refusal) {
            return String.valueOf(refusal.getMessage()).contains("house rule 17");
        }
    }
}
