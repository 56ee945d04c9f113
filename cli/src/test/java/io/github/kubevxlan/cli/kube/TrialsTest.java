package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Selector;
import io.github.kubevxlan.cli.state.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrialsTest {
    private static final Selector OURS = new Selector(Map.of("team", "ours"), List.of());
    private static final Selector NOT_OUT =
            new Selector(Map.of(), List.of(new Selector.Term("kubernetes.io/metadata.name", "NotIn", List.of("out"))));

    private final List<String> notes = new ArrayList<>();
    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void takePods() {
        for (String namespace : List.of("in", "out")) {
            cluster.takesPods(
                    namespace,
                    new PodBuilder()
                            .withNewMetadata()
                            .endMetadata()
                            .withNewSpec()
                            .endSpec()
                            .build());
        }
    }

    @Test
    void everyNamespaceIsTriedWhereTheWebhookTakesAll() {
        assertEquals(List.of("in", "out"), tried(Selector.ALL));
        assertEquals(List.of(), notes);
    }

    @Test
    void aNamespaceThatTheWebhookLeavesOutIsNotedInstead() {
        namespace("in", Map.of("team", "ours"));
        namespace("out", Map.of("team", "others"));

        assertEquals(List.of("in"), tried(OURS));
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().startsWith("no pod was tried in out: "), notes.toString());
    }

    @Test
    void aNamespaceThatMayNotBeReadIsKnownByItsName() {
        for (String namespace : List.of("in", "out")) {
            cluster.server()
                    .expect()
                    .get()
                    .withPath("/api/v1/namespaces/" + namespace)
                    .andReturn(403, "")
                    .always();
        }

        assertEquals(List.of("in"), tried(NOT_OUT));
    }

    @Test
    void aNamespaceWhereTheCallerMayMakeNoPodIsNoted() {
        forbidPods("forbidden", 403, "you cannot create resource");
        forbidPods("gone", 404, "namespaces \"gone\" not found");

        new Trials(cluster.client(), Clusters.SETTINGS.keys(), notes)
                .in(List.of("forbidden", "gone", "in"), Selector.ALL);

        assertEquals(
                List.of(
                        "no pod was tried in forbidden: you lack a right: create pods in namespace forbidden (kubectl"
                                + " auth can-i create pods --namespace forbidden)",
                        "no pod was tried in gone: the namespace does not exist"),
                notes);
    }

    private void forbidPods(String namespace, int code, String words) {
        cluster.server()
                .expect()
                .post()
                .withPath("/api/v1/namespaces/" + namespace + "/pods?dryRun=All")
                .andReturn(
                        code,
                        new StatusBuilder().withCode(code).withMessage(words).build())
                .always();
    }

    private List<String> tried(Selector asked) {
        return new Trials(cluster.client(), Clusters.SETTINGS.keys(), notes)
                .in(List.of("in", "out"), asked).stream()
                        .filter(trial -> !(trial.labelled() instanceof TrialResult.Unselected))
                        .map(Trial::namespace)
                        .toList();
    }

    private void namespace(String name, Map<String, String> labels) {
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/" + name)
                .andReturn(
                        200,
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withLabels(labels)
                                .endMetadata()
                                .build())
                .always();
    }
}
