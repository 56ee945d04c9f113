package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class RightTest {
    private static final Right PATCH = new Right("patch", "pods/ephemeralcontainers", "one", "lab");

    @Test
    void rbacRefusesForWantOfARight() {
        assertEquals(
                "you lack a right: patch pods/ephemeralcontainers one in namespace lab"
                        + " (kubectl auth can-i patch pods/one --subresource=ephemeralcontainers --namespace lab)",
                failure("pods \"one\" is forbidden: User \"u\" cannot patch resource \"pods/ephemeralcontainers\" in"
                        + " API group \"\" in the namespace \"lab\""));
    }

    @Test
    void whateverElseRefusesDoesSoForItsOwnReason() {
        String security = "pods \"one\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true";
        String webhook = "admission webhook \"no.debug\" denied the request: not here";

        assertEquals("patch pods/ephemeralcontainers one in namespace lab was refused: " + security, failure(security));
        assertEquals("patch pods/ephemeralcontainers one in namespace lab was refused: " + webhook, failure(webhook));
    }

    @Test
    void aRightToBeSomebodyElseIsAnother() {
        String words = "users \"u\" is forbidden: User \"v\" cannot impersonate resource \"users\" in API group \"\"";

        assertEquals("patch pods/ephemeralcontainers one in namespace lab was refused: " + words, failure(words));
    }

    private static String failure(String words) {
        KubernetesClientException refused = new KubernetesClientException(
                "Failure executing: PATCH. Message: " + words,
                403,
                new StatusBuilder().withCode(403).withMessage(words).build());
        return String.valueOf(PATCH.failure(refused).getMessage());
    }
}
