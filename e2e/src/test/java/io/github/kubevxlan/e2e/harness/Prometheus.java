package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A real Prometheus in the lab until it is closed. It scrapes the product as the chart's PodMonitor says and evaluates
 * {@link Monitoring#quickRules}. Its log is in {@code target/prometheus.log}.
 */
public final class Prometheus implements AutoCloseable {
    private static final String API = "http://127.0.0.1:9090/api/v1/";

    /** A watch that is silent shows after a minute and more. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabProgram program;

    private Prometheus(LabProgram program) {
        this.program = program;
    }

    /** Starts it; the first time ever it has to be built, which takes minutes. */
    public static Prometheus start() {
        try {
            Path folder = Files.createDirectories(TestedLab.result("prometheus"));
            Files.writeString(folder.resolve("rules.yaml"), Monitoring.quickRules());
            Path configuration =
                    Files.writeString(folder.resolve("prometheus.yaml"), Monitoring.configuration("rules.yaml"));
            return new Prometheus(LabProgram.start("prometheus", configuration.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What promtool finds wrong with metrics in the text format, one a line; empty if nothing. */
    public static String lint(String metrics) {
        try {
            Process promtool = TestedLab.process(List.of("lab/promtool", "check", "metrics", "--lint=all"))
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream input = promtool.getOutputStream()) {
                input.write(metrics.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return promtool.waitFor() == 0 ? "" : output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /**
     * The series that an expression gives now, each by its labels.
     *
     * @throws AssertionError with what Prometheus says if it can't be evaluated
     */
    public Set<Map<String, String>> query(String expression) {
        JsonNode result = get("query", "query=" + expression).path("result");
        return stream(result)
                .map(series -> series.path("metric").properties().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, label -> label.getValue().asText())))
                .collect(Collectors.toSet());
    }

    /** The names of the pods that were scraped last without a failure. */
    public Set<String> scraped() {
        return query("up == 1").stream()
                .map(series -> series.getOrDefault("pod", ""))
                .collect(Collectors.toSet());
    }

    /** What is wrong with the rules, by the alert's name; empty if nothing. */
    public Map<String, String> ruleErrors() {
        return stream(get("rules").path("groups"))
                .flatMap(group -> stream(group.path("rules")))
                .filter(rule -> !rule.path("health").asText().equals("ok"))
                .collect(Collectors.toMap(
                        rule -> rule.path("name").asText(),
                        rule -> rule.path("health").asText() + " "
                                + rule.path("lastError").asText()));
    }

    /** Waits until an alert fires. */
    public void awaitFiring(String alert) {
        awaitFiring(alert, () -> {});
    }

    /** Does something again and again until an alert fires. */
    public void awaitFiring(String alert, Runnable again) {
        Await.until(alert + " fires", LONGEST, () -> {
            again.run();
            return query("ALERTS{alertname=\"%s\", alertstate=\"firing\"}".formatted(alert))
                            .isEmpty()
                    ? Optional.of("there are " + query("ALERTS"))
                    : Optional.empty();
        });
    }

    /** Waits until an alert neither fires nor is about to. */
    public void awaitQuiet(String alert) {
        awaitQuiet(alert, () -> {});
    }

    /** Does something again and again until an alert neither fires nor is about to. */
    public void awaitQuiet(String alert, Runnable again) {
        Await.until(alert + " is over", LONGEST, () -> {
            again.run();
            Set<Map<String, String>> alerts = query("ALERTS{alertname=\"%s\"}".formatted(alert));
            return alerts.isEmpty() ? Optional.empty() : Optional.of("there are " + alerts);
        });
    }

    @Override
    public void close() {
        program.close();
    }

    private static JsonNode get(String path, String... parameters) {
        Stream<String> curl = Stream.of("lab/run", "curl", "--silent", "--show-error", "--get", API + path);
        Stream<String> data = Stream.of(parameters).flatMap(one -> Stream.of("--data-urlencode", one));
        String answer = Client.run(Stream.concat(curl, data).toArray(String[]::new));
        try {
            JsonNode parsed = JSON.readTree(answer);
            if (!parsed.path("status").asText().equals("success")) {
                throw new AssertionError(List.of(parameters) + ": " + answer);
            }
            return parsed.path("data");
        } catch (JsonProcessingException e) {
            throw new AssertionError("not what Prometheus answers: " + answer, e);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
