package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a Prometheus reads of running pods. */
class MetricsIT {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(kube_vxlan_[a-z_]+)` \\| ([a-z]+) \\| ([a-z]+)( [^|]+)? \\|", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (kube_vxlan_[a-z_]+) ([a-z]+)$", Pattern.MULTILINE);

    @RegisterExtension
    static final Stage stage = Stage.named("metrics");

    @BeforeAll
    static void startMembers() {
        stage.define("e2e-metrics", "id=8850 subnet=10.98.0.0/29");
        stage.start(Pods.member("one", "e2e-metrics"), Pods.member("two", "e2e-metrics"));
    }

    /** Those of an option are there only while it is in use, as it may be in a test beside this one. */
    @Test
    void areThoseOfTheDocumentation() throws IOException {
        Set<String> ofOptions = documented("controller", true);
        Set<String> always = exposed(Controller.listed());
        always.removeAll(ofOptions);
        assertTrue(ofOptions.size() > 1, ofOptions::toString);
        assertEquals(documented("controller", false), always);
        assertEquals(documented("webhook", false), exposed(Webhook.pods()));
    }

    @Test
    void countMembersByNetworkAndState() {
        for (String sample : List.of(
                "kube_vxlan_members{network=\"e2e-metrics\",state=\"Ready\"} 2.0",
                "kube_vxlan_addresses{family=\"ipv4\",network=\"e2e-metrics\",use=\"used\"} 2.0",
                "kube_vxlan_addresses{family=\"ipv4\",network=\"e2e-metrics\",use=\"free\"} 4.0")) {
            Await.until("the leader tells " + sample, () -> {
                String told = Footprint.metrics(Controller.pod(Controller.leader()));
                return told.lines().anyMatch(sample::equals)
                        ? Optional.empty()
                        : Optional.of(told.lines()
                                .filter(line -> line.contains("e2e-metrics"))
                                .collect(Collectors.joining("; ")));
            });
        }
    }

    @Test
    void countPodsByTheVersionOfTheirAgent() {
        Pattern sample = Pattern.compile("kube_vxlan_agents\\{version=\"[0-9.]+\"} [1-9][0-9]*\\.0");
        Await.until("the leader tells of the agents", () -> {
            String told = Footprint.metrics(Controller.pod(Controller.leader()));
            return told.lines().anyMatch(sample.asMatchPredicate())
                    ? Optional.empty()
                    : Optional.of(told.lines()
                            .filter(line -> line.contains("kube_vxlan_agents"))
                            .collect(Collectors.joining("; ")));
        });
    }

    private static Set<String> documented(String component, boolean ofOptions) throws IOException {
        Path operations = Path.of(System.getProperty("e2e.repository"), "docs", "operations.md");
        return ROW.matcher(Files.readString(operations))
                .results()
                .filter(row -> Set.of(component, "both").contains(row.group(3)))
                .filter(row -> (row.group(4) != null) == ofOptions)
                .map(row -> row.group(1) + " " + (row.group(2).equals("info") ? "gauge" : row.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By all pods of one kind together: only the leader reconciles. */
    private static Set<String> exposed(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> TYPE.matcher(Footprint.metrics(pod)).results().toList().stream())
                .map((MatchResult type) -> type.group(1) + " " + type.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
