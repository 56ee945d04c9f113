package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the ConfigMap of definitions where there is none. One that is there is the user's, even if it is empty. */
final class InitialNetworks {
    private static final Logger LOG = LoggerFactory.getLogger(InitialNetworks.class);

    private InitialNetworks() {}

    static void create(KubernetesClient client, ControllerConfig config) {
        ConfigMap initial = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(config.common().namespace())
                .withName(config.common().configMap())
                .endMetadata()
                .withData(config.initialNetworks())
                .build();
        try {
            client.configMaps().resource(initial).create();
            LOG.info(
                    "made ConfigMap {}/{} with the initial networks",
                    config.common().namespace(),
                    config.common().configMap());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.warn(
                        "ConfigMap {}/{} could not be made: {}",
                        config.common().namespace(),
                        config.common().configMap(),
                        e.getMessage());
            }
        }
    }
}
