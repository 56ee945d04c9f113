package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.kube.MockCluster;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Release;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeepTrialTest {
    private static final String LAB = "/api/v1/namespaces/lab/pods";

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aClusterWithoutAUsableNodeIsAFinding() {
        takePods();

        List<Finding> findings = findings("vxeth1");

        assertEquals(
                List.of("trial-start"), findings.stream().map(Finding::check).toList());
        assertEquals(Severity.BROKEN, findings.getFirst().severity());
    }

    @Test
    void aNetworkThatNobodyMayJoinIsAFinding() {
        assertEquals(
                "doctor could not finish its trial of pods: no network vxeth9 that pods of namespace lab may join.",
                only("vxeth9").problem().what());
    }

    @Test
    void aRightThatTheCallerLacksIsAFinding() {
        takePods();
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/nodes")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withMessage("you cannot list resource")
                                .build())
                .always();

        assertTrue(only("vxeth1").problem().what().contains("you lack a right: list nodes"));
    }

    @Test
    void theRightToCreatePodsIsAFindingToo() {
        cluster.server()
                .expect()
                .post()
                .withPath(LAB + "?dryRun=All")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withMessage("you cannot create resource")
                                .build())
                .always();

        assertTrue(only("vxeth1").problem().what().contains("you lack a right: create pods in namespace lab"));
    }

    /** There is one node, which gets two pods. */
    @Test
    void podsThatCannotBeDeletedAreAFinding() {
        takePods();
        cluster.client()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("node")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .create();
        for (String name : List.of("first", "second")) {
            cluster.server()
                    .expect()
                    .post()
                    .withPath(LAB)
                    .andReturn(
                            201,
                            new PodBuilder()
                                    .withNewMetadata()
                                    .withName(name)
                                    .withNamespace("lab")
                                    .endMetadata()
                                    .build())
                    .once();
            cluster.server()
                    .expect()
                    .delete()
                    .withPath(LAB + "/" + name)
                    .andReturn(
                            403,
                            new StatusBuilder()
                                    .withCode(403)
                                    .withMessage("you cannot delete resource")
                                    .build())
                    .always();
            cluster.server()
                    .expect()
                    .get()
                    .withPath(LAB + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3D" + name)
                    .andReturn(
                            403,
                            new StatusBuilder()
                                    .withCode(403)
                                    .withMessage("you cannot watch resource")
                                    .build())
                    .always();
        }

        Finding last = findings("vxeth1").getLast();

        assertEquals("kubectl --namespace lab delete pods first second", last.remedy());
    }

    private Finding only(String network) {
        List<Finding> findings = findings(network);
        assertEquals(1, findings.size(), findings::toString);
        assertEquals("trial-start", findings.getFirst().check());
        assertEquals(Severity.WARNING, findings.getFirst().severity());
        return findings.getFirst();
    }

    private List<Finding> findings(String network) {
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        Cluster lab = new Cluster(
                cluster.client(),
                new Release("kube-system", "kube-vxlan-controller"),
                "lab",
                new Terminal(nowhere, nowhere, false, Progress.none()),
                new Notes());
        return new DeepTrial(lab)
                .run(Clusters.of(Map.of("vxeth1", "101")), network)
                .findings();
    }

    private void takePods() {
        cluster.takesPods(
                "lab",
                new PodBuilder()
                        .withNewMetadata()
                        .endMetadata()
                        .withNewSpec()
                        .addNewInitContainer()
                        .withName("vxlan-controller-agent")
                        .withImage("agent:1")
                        .endInitContainer()
                        .endSpec()
                        .build());
    }
}
