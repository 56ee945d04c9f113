package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Tokens;
import io.github.kubevxlan.e2e.scenario.InjectedProblem.Step;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Somebody's ValidatingAdmissionPolicy forbids exec in a namespace, to the controller too. */
final class PolicyProblem {
    private static final String POLICY = "e2e-no-exec";

    private static final String OBJECTS = """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: e2e-no-exec}
        spec:
          failurePolicy: Fail
          matchConditions:
          - {name: not-the-tests, expression: "request.userInfo.username != 'admin'"}
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec]}
          validations:
          - {expression: "false", message: nobody runs anything here}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: e2e-no-exec}
        spec: {policyName: e2e-no-exec, validationActions: [Deny]}
        """;

    private final Stage stage;

    PolicyProblem(Stage stage) {
        this.stage = stage;
    }

    InjectedProblem problem(int vni) {
        String network = "e2e-doc-exec";
        return new InjectedProblem(
                "exec that a policy forbids",
                () -> {
                    stage.define(network, "id=" + vni);
                    Pod witness = stage.start(Pods.member("witness", network)).getFirst();
                    Cluster.client()
                            .load(new ByteArrayInputStream(OBJECTS.replace("NAMESPACE", stage.namespace())
                                    .getBytes(StandardCharsets.UTF_8)))
                            .serverSideApply();
                    awaitForce(witness);
                    stage.create(Pods.member("barred", network));
                    stage.event("barred", "AgentFailed");
                },
                List.of(Step.of("agent-work", stage.namespace() + "/barred", POLICY)),
                () -> Overlays.awaitExact(network, stage.ready("witness", "barred")),
                PolicyProblem::remove);
    }

    /** An exec that asks for no upgrade starts nothing, and is refused one way or the other. */
    private void awaitForce(Pod pod) {
        String path = "/api/v1/namespaces/%s/pods/%s/exec?command=true&stdout=true&container=%s"
                .formatted(stage.namespace(), pod.getMetadata().getName(), Cluster.AGENT);
        try (KubernetesClient controller = Tokens.clientOf(Cluster.SYSTEM, Cluster.CONTROLLER)) {
            Await.until("the policy is in force", () -> {
                try {
                    return Optional.of(controller.raw(path));
                } catch (KubernetesClientException e) {
                    String words = String.valueOf(e.getMessage());
                    return words.contains(POLICY) ? Optional.empty() : Optional.of(words);
                }
            });
        }
    }

    private static void remove() {
        Cluster.client()
                .admissionRegistration()
                .v1()
                .validatingAdmissionPolicyBindings()
                .withName(POLICY)
                .delete();
        Cluster.client()
                .admissionRegistration()
                .v1()
                .validatingAdmissionPolicies()
                .withName(POLICY)
                .delete();
    }
}
