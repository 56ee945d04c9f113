package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.reconcile.Backoff;
import io.github.kubevxlan.controller.reconcile.Surroundings;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the ConfigMap of definitions where there is none. One that is there is the user's, even if it is empty. */
final class InitialNetworks implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(InitialNetworks.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final KubernetesClient client;
    private final ConfigMap initial;
    private final Surroundings surroundings;
    private int failures;

    InitialNetworks(KubernetesClient client, ControllerConfig config, Surroundings surroundings) {
        this.client = client;
        this.surroundings = surroundings;
        this.initial = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(config.common().namespace())
                .withName(config.common().configMap())
                .endMetadata()
                .withData(config.initialNetworks())
                .build();
    }

    /** Makes one attempt, and sees to another if that can help. */
    @Override
    public void run() {
        String name = initial.getMetadata().getNamespace() + "/"
                + initial.getMetadata().getName();
        try {
            client.configMaps().resource(initial).create();
            LOG.info("made ConfigMap {} with the initial networks", name);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                Duration wait = BACKOFF.after(++failures, surroundings.random());
                LOG.warn(
                        "ConfigMap {} is not there and could not be made, to be tried again in {} s: {}",
                        name,
                        wait.toSeconds(),
                        Reason.of(e));
                var _ = surroundings
                        .timer()
                        .schedule(() -> surroundings.executor().execute(this), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
