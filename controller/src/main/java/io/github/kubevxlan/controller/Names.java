package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.controller.names.api.NamesController;
import io.github.kubevxlan.controller.names.api.SliceApi;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.report.ControllerMetrics;
import io.github.kubevxlan.controller.report.EventWriter;
import io.github.kubevxlan.controller.report.ServiceEvents;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/**
 * What publishes overlay addresses for Services, where that is wanted.
 *
 * @param controller what does it
 * @param slices what writes the EndpointSlices
 */
record Names(NamesController controller, SliceApi slices) {
    /** Empty where it is not wanted. */
    static Optional<Names> of(
            ControllerConfig config, KubernetesClient client, EventWriter events, Dependencies dependencies) {
        if (!config.publication().names()) {
            return Optional.empty();
        }
        SliceApi slices = new SliceApi(client);
        return Optional.of(new Names(
                new NamesController(config.common().keys(), slices, new ServiceEvents(events), dependencies), slices));
    }

    /** Adds its metrics. */
    void register(PrometheusRegistry registry) {
        new ControllerMetrics(registry)
                .counter(
                        "endpoint_slice_writes_total",
                        "Writes of EndpointSlices sent to the API server.",
                        slices::sent);
    }
}
