package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;

/** The webhook that serves the cluster, and how to do without its validation. */
public final class Webhook {
    private Webhook() {}

    /** Does something while edits of the network definitions are not judged. */
    public static void withoutValidation(Runnable action) {
        ValidatingWebhookConfiguration before = validation().get();
        validation().delete();
        try {
            action.run();
        } finally {
            Cluster.client()
                    .resource(new ValidatingWebhookConfigurationBuilder(before)
                            .editMetadata()
                            .withResourceVersion(null)
                            .withUid(null)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    private static Resource<ValidatingWebhookConfiguration> validation() {
        return Cluster.client()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(Cluster.CONTROLLER);
    }
}
