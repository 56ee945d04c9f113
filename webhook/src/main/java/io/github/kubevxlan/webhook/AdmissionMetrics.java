package io.github.kubevxlan.webhook;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What is measured of admission. */
final class AdmissionMetrics {
    /** Seconds; a cluster waits for a webhook 10 at most. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final Histogram requests;

    /** Registers them; takes when the certificate in use ends, if there is one. */
    AdmissionMetrics(PrometheusRegistry metrics, Supplier<Optional<Instant>> certificateEnd) {
        requests = Histogram.builder()
                .name("kube_vxlan_admission_duration_seconds")
                .help("Time from a request's body to its answer, by outcome.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(BOUNDS)
                .register(metrics);
        GaugeWithCallback.builder()
                .name("kube_vxlan_webhook_certificate_not_after_timestamp_seconds")
                .help("When the certificate in use expires.")
                .callback(metric -> certificateEnd.get().ifPresent(end -> metric.call((double) end.getEpochSecond())))
                .register(metrics);
    }

    /** Counts one request and the time it took; outcomes are few. */
    void answered(String outcome, Duration took) {
        requests.labelValues(outcome).observe(took.toNanos() / 1e9);
    }
}
