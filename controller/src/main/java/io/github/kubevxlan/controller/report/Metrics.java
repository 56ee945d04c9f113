package io.github.kubevxlan.controller.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Numbers read when they are asked for, in the Prometheus text format. */
public final class Metrics {
    private static final String PREFIX = "kube_vxlan_";

    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    private record Metric(String type, String help, LongSupplier value) {}

    /** Adds a number that goes up and down; the name comes without our prefix and with its unit. */
    public Metrics gauge(String name, String help, LongSupplier value) {
        metrics.put(PREFIX + name, new Metric("gauge", help, value));
        return this;
    }

    /** Adds a number that only goes up; the name comes without our prefix and ends in {@code _total}. */
    public Metrics counter(String name, String help, LongSupplier value) {
        metrics.put(PREFIX + name, new Metric("counter", help, value));
        return this;
    }

    /** Prints all, in the order in which they were added. */
    public String print() {
        StringBuilder text = new StringBuilder();
        metrics.forEach((name, metric) -> text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(metric.help())
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(metric.type())
                .append('\n')
                .append(name)
                .append(' ')
                .append(metric.value().getAsLong())
                .append('\n'));
        return text.toString();
    }
}
