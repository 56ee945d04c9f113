package io.github.kubevxlan.certs.kube;

/** Names one webhook configuration of the cluster. */
public record WebhookRef(Kind kind, String name) {
    /** The kinds of {@code admissionregistration.k8s.io/v1} that carry a {@code caBundle}. */
    public enum Kind {
        MUTATING("MutatingWebhookConfiguration"),
        VALIDATING("ValidatingWebhookConfiguration");

        private final String kubernetesName;

        Kind(String kubernetesName) {
            this.kubernetesName = kubernetesName;
        }
    }

    /** As people write it: {@code MutatingWebhookConfiguration NAME}. */
    @Override
    public String toString() {
        return kind.kubernetesName + " " + name;
    }
}
