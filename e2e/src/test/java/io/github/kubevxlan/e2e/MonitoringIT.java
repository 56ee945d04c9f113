package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Monitoring;
import io.github.kubevxlan.e2e.harness.Monitoring.Alert;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Prometheus;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Prometheus watches the product by what the chart makes for it. */
class MonitoringIT {
    private static final String NETWORK = "e2e-monitored";

    @RegisterExtension
    static final Stage stage = Stage.named("monitoring");

    private static Prometheus prometheus;

    @BeforeAll
    static void start() {
        stage.define(NETWORK, "id=8870 subnet=10.98.70.0/28");
        stage.start(Pods.member("one", NETWORK), Pods.member("two", NETWORK));
        prometheus = Prometheus.start();
        awaitScraped();
    }

    @AfterAll
    static void stop() {
        prometheus.close();
    }

    @Test
    void promtoolFindsNothingWrongWithTheMetrics() {
        for (Pod pod : Stream.concat(Controller.listed().stream(), Webhook.pods().stream())
                .toList()) {
            assertEquals(
                    "",
                    Prometheus.lint(Footprint.metrics(pod)),
                    pod.getMetadata().getName());
        }
    }

    static List<String> expressions() {
        return Monitoring.dashboard();
    }

    /** Where nothing was measured in the window, a quantile is not a number; it is a series all the same. */
    @ParameterizedTest
    @MethodSource("expressions")
    void anExpressionOfTheDashboardHasData(String expression) {
        Await.until(
                expression + " has data",
                () -> prometheus.query(expression).isEmpty() ? Optional.of("it is empty") : Optional.empty());
    }

    @Test
    void everyAlertIsEvaluated() {
        assertEquals(13, Monitoring.alerts().size());
        for (Alert alert : Monitoring.alerts()) {
            prometheus.query(alert.expression());
        }
        Await.until("all rules were evaluated", () -> {
            Map<String, String> errors = prometheus.ruleErrors();
            return errors.isEmpty() ? Optional.empty() : Optional.of(errors.toString());
        });
    }

    private static void awaitScraped() {
        Await.until("all pods of ours are scraped", () -> {
            Set<String> pods = Stream.concat(Controller.listed().stream(), Webhook.pods().stream())
                    .map(pod -> pod.getMetadata().getName())
                    .collect(Collectors.toSet());
            Set<String> scraped = prometheus.scraped();
            return scraped.equals(pods) ? Optional.empty() : Optional.of(scraped + " of " + pods);
        });
    }
}
