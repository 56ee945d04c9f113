package io.github.kubevxlan.certs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;

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

    /** The object in a cluster, there or not. */
    Resource<? extends HasMetadata> in(KubernetesClient client) {
        var api = client.admissionRegistration().v1();
        return switch (kind) {
            case MUTATING -> api.mutatingWebhookConfigurations().withName(name);
            case VALIDATING -> api.validatingWebhookConfigurations().withName(name);
        };
    }

    /** As people write it: {@code MutatingWebhookConfiguration NAME}. */
    @Override
    public String toString() {
        return kind.kubernetesName + " " + name;
    }
}
