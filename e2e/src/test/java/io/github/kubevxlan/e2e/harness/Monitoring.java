package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The chart's PodMonitor, PrometheusRule and dashboard, and what a Prometheus without its operator is told instead. */
public final class Monitoring {
    /** Often enough for a test to see what happens. */
    private static final String INTERVAL = "1s";

    /** What rates are taken over in a test: several scrapes on a busy machine. */
    private static final String WINDOW = "15s";

    private static final Pattern MINUTES = Pattern.compile("\\[[0-9]+m]");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Monitoring() {}

    /**
     * One alert of the chart.
     *
     * @param expression as the chart has it
     */
    public record Alert(String name, String expression) {}

    /** The alerts of the chart. */
    public static List<Alert> alerts() {
        return rules().map(rule ->
                        new Alert(rule.path("alert").asText(), rule.path("expr").asText()))
                .toList();
    }

    /** The expressions of the dashboard, with a window of a few scrapes in place of Grafana's. */
    public static List<String> dashboard() {
        JsonNode map = render("dashboard");
        JsonNode board = parse(map.at("/data/kube-vxlan-controller.json").asText());
        return stream(board.path("panels"))
                .flatMap(panel -> stream(panel.path("targets")))
                .map(target -> target.path("expr").asText().replace("$__rate_interval", WINDOW))
                .toList();
    }

    /**
     * The rules for a test: the chart's, with seconds in place of minutes. These are how long a fault must last, what rates
     * are taken over, how long a member may not be ready, and how long a watch, which brings something each minute, may bring
     * nothing.
     */
    static String quickRules() {
        List<Map<String, String>> quick = rules().map(rule -> Map.of(
                        "alert", rule.path("alert").asText(),
                        "expr", quick(rule.path("expr").asText()),
                        "for", "2s"))
                .toList();
        return write(Map.of("groups", List.of(Map.of("name", "quick", "rules", quick))));
    }

    private static String quick(String expression) {
        return MINUTES.matcher(expression)
                .replaceAll("[" + WINDOW + "]")
                .replaceFirst("(members_not_ready_seconds\\)) > 300", "$1 > 3")
                .replaceFirst("(watch_age_seconds\\)) > 240", "$1 > 75");
    }

    /** A configuration that has Prometheus scrape what the PodMonitor says, as its operator would write it. */
    static String configuration(String rulesFile) {
        JsonNode monitor = render("podMonitor").path("spec");
        JsonNode endpoint = monitor.path("podMetricsEndpoints").path(0);
        List<Map<String, Object>> relabel = new ArrayList<>();
        relabel.add(Map.of(
                "action",
                "drop",
                "source_labels",
                List.of("__meta_kubernetes_pod_phase"),
                "regex",
                "Failed|Succeeded"));
        monitor.at("/selector/matchLabels")
                .properties()
                .forEach(label -> relabel.add(
                        keep("label_" + name(label.getKey()), label.getValue().asText())));
        stream(monitor.at("/selector/matchExpressions")).forEach(one -> {
            if (!one.path("operator").asText().equals("In")) {
                throw new AssertionError("not known here: " + one);
            }
            List<String> values =
                    stream(one.path("values")).map(JsonNode::asText).toList();
            relabel.add(keep("label_" + name(one.path("key").asText()), String.join("|", values)));
        });
        relabel.add(keep("container_port_name", endpoint.path("port").asText()));
        relabel.add(label("namespace", "__meta_kubernetes_namespace"));
        relabel.add(label("pod", "__meta_kubernetes_pod_name"));
        relabel.add(label("container", "__meta_kubernetes_pod_container_name"));
        Map<String, Object> pods = Map.of(
                "role", "pod",
                "kubeconfig_file", TestedLab.kubeconfig().orElseThrow(),
                "namespaces", Map.of("names", monitor.at("/namespaceSelector/matchNames")));
        Map<String, Object> scrape = Map.of(
                "job_name", Cluster.SYSTEM + "/" + Cluster.CONTROLLER,
                "scrape_interval", endpoint.path("interval").asText(),
                "scrape_timeout", endpoint.path("interval").asText(),
                "metrics_path", endpoint.path("path").asText(),
                "kubernetes_sd_configs", List.of(pods),
                "relabel_configs", relabel);
        return write(Map.of(
                "global", Map.of("evaluation_interval", INTERVAL),
                "rule_files", List.of(rulesFile),
                "scrape_configs", List.of(scrape)));
    }

    private static Map<String, Object> keep(String meta, String regex) {
        return Map.of("action", "keep", "source_labels", List.of("__meta_kubernetes_pod_" + meta), "regex", regex);
    }

    private static Map<String, Object> label(String name, String source) {
        return Map.of("source_labels", List.of(source), "target_label", name);
    }

    /** A key as Prometheus writes it in the name of a label. */
    private static String name(String key) {
        return key.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    private static Stream<JsonNode> rules() {
        return stream(render("prometheusRule").at("/spec/groups")).flatMap(group -> stream(group.path("rules")));
    }

    /** What the chart makes when a value is switched on; its template has the value's name. */
    private static JsonNode render(String value) {
        String yaml = Client.run(
                "lab/helm",
                "template",
                Cluster.CONTROLLER,
                "charts/kube-vxlan-controller",
                "--namespace",
                Cluster.SYSTEM,
                "--kube-version",
                "1.34.0",
                "--set",
                value + ".enabled=true,podMonitor.interval=" + INTERVAL,
                "--show-only",
                "templates/" + value.toLowerCase(Locale.ROOT) + ".yaml");
        return JSON.valueToTree(Serialization.unmarshal(yaml, Map.class));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
