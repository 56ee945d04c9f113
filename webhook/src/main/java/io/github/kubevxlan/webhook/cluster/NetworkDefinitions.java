package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The network definitions as the ConfigMap has them now, or had them last: one that is gone says nothing of networks. */
final class NetworkDefinitions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkDefinitions.class);

    private final CommonConfig config;
    private volatile Definitions current;
    private final ObjectWatch<ConfigMap> watch;

    NetworkDefinitions(KubernetesClient client, CommonConfig config) {
        this.config = config;
        current = Definitions.parse(Map.of(), config.defaults());
        watch = ObjectWatch.start(
                client.configMaps().inNamespace(config.namespace()).withName(config.configMap()),
                configMap -> set(Optional.ofNullable(configMap.getData()).orElse(Map.of())),
                _ -> LOG.warn(
                        "ConfigMap {}/{} is gone; the definitions that it had last stay in use",
                        config.namespace(),
                        config.configMap()));
    }

    boolean isSynced() {
        return watch.isSynced();
    }

    Definitions current() {
        return current;
    }

    @Override
    public void close() {
        watch.close();
    }

    private void set(Map<String, String> data) {
        Definitions before = current;
        Definitions read = Definitions.parse(data, config.defaults());
        current = read;
        if (!read.usable().keySet().equals(before.usable().keySet())) {
            LOG.info(
                    "{} networks are defined: {}",
                    read.usable().size(),
                    read.usable().keySet());
        }
        read.problemsNewSince(before).forEach(problem -> LOG.warn("A network can't be used: {}", problem));
    }
}
