package io.github.kubevxlan.common.admin;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Prints the metrics in the format that the scraper accepts, one scrape at a time; as text to one that would rather have
 * protobuf. Those of the process and the JVM are added with the first scrape, since looking for them takes time that a
 * start has not.
 */
final class Scrape {
    private final PrometheusRegistry metrics;
    private final ExpositionFormats formats = ExpositionFormats.init();
    private boolean isComplete;

    Scrape(PrometheusRegistry metrics) {
        this.metrics = metrics;
    }

    /** Takes the request's header {@code Accept}. */
    synchronized AdminServer.Response answer(Optional<String> accept) {
        if (!isComplete) {
            addProcess();
            isComplete = true;
        }
        ExpositionFormatWriter accepted = formats.findWriter(accept.orElse(""));
        ExpositionFormatWriter writer = accepted.isAvailable() ? accepted : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            writer.write(body, metrics.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AdminServer.Response(200, writer.getContentType(), body.toString(StandardCharsets.UTF_8));
    }

    private void addProcess() {
        String version = Objects.requireNonNullElse(Scrape.class.getPackage().getImplementationVersion(), "unknown");
        Info build = Info.builder()
                .name("kube_vxlan_build_info")
                .help("The version of the program.")
                .labelNames("version")
                .register(metrics);
        build.setLabelValues(version);
        ProcessMetrics.builder().register(metrics);
        JvmMemoryMetrics.builder().register(metrics);
        JvmThreadsMetrics.builder().register(metrics);
        JvmGarbageCollectorMetrics.builder().register(metrics);
    }
}
