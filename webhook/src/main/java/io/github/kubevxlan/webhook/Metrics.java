package io.github.kubevxlan.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the webhook does and prints it in Prometheus' text format, version 0.0.4. */
public final class Metrics {
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final LongAdder nanoseconds = new LongAdder();
    private final LongAdder count = new LongAdder();

    /** Counts one request and the time it took. */
    void answered(String outcome, Duration took) {
        requests.computeIfAbsent(outcome, first -> new LongAdder()).increment();
        nanoseconds.add(took.toNanos());
        count.increment();
    }

    /** Prints everything; the last argument is when the certificate ends, if there is one. */
    String print(Optional<Instant> certificateEnd) {
        StringBuilder text = new StringBuilder();
        head(text, "kube_vxlan_admission_requests_total", "counter", "Admission requests by outcome.");
        requests.forEach((outcome, number) -> text.append(
                "kube_vxlan_admission_requests_total{outcome=\"%s\"} %d\n".formatted(outcome, number.sum())));
        head(text, "kube_vxlan_admission_duration_seconds", "summary", "Time from a request's body to its answer.");
        text.append("kube_vxlan_admission_duration_seconds_sum ")
                .append(nanoseconds.sum() / 1e9)
                .append('\n');
        text.append("kube_vxlan_admission_duration_seconds_count ")
                .append(count.sum())
                .append('\n');
        certificateEnd.ifPresent(end -> {
            String name = "kube_vxlan_webhook_certificate_not_after_timestamp_seconds";
            head(text, name, "gauge", "When the certificate in use ends to be valid.");
            text.append(name).append(' ').append(end.getEpochSecond()).append('\n');
        });
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
