package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import java.util.Map;

/**
 * The note that the ConfigMap with the definitions has existed, and whether pods are members. It is a Lease, because a
 * right to a Lease allows nothing else, and no tool prunes Leases.
 */
final class NetworksLease {
    private final KubernetesClient client;
    private final CommonConfig config;

    NetworksLease(KubernetesClient client, CommonConfig config) {
        this.client = client;
        this.config = config;
    }

    /** Whether it was ever written; throws KubernetesClientException if that can't be known now. */
    boolean isThere() {
        return client.leases()
                        .inNamespace(config.namespace())
                        .withName(Keys.NETWORKS_LEASE)
                        .get()
                != null;
    }

    /** Writes it; throws KubernetesClientException if that fails. */
    void write(boolean hasMembers) {
        Map<String, String> annotations = Map.of(config.keys().members(), Boolean.toString(hasMembers));
        if (isThere()) {
            client.leases()
                    .inNamespace(config.namespace())
                    .withName(Keys.NETWORKS_LEASE)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            client.getKubernetesSerialization()
                                    .asJson(Map.of("metadata", Map.of("annotations", annotations))));
        } else {
            client.leases()
                    .resource(new LeaseBuilder()
                            .withNewMetadata()
                            .withNamespace(config.namespace())
                            .withName(Keys.NETWORKS_LEASE)
                            .withAnnotations(annotations)
                            .endMetadata()
                            .build())
                    .create();
        }
    }
}
