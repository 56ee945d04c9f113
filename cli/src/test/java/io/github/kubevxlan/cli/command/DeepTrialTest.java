package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.kube.MockCluster;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Release;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeepTrialTest {
    @Test
    void aClusterWithoutAUsableNodeIsAFinding() {
        try (MockCluster cluster = new MockCluster()) {
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
            PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
            Cluster empty = new Cluster(
                    cluster.client(),
                    new Release("kube-system", "kube-vxlan-controller"),
                    "lab",
                    new Terminal(nowhere, nowhere, false, Progress.none()),
                    new Notes());

            List<Finding> findings = new DeepTrial(empty)
                    .run(Clusters.of(Map.of("vxeth1", "101")), "")
                    .findings();

            assertEquals(
                    List.of("trial-start"),
                    findings.stream().map(Finding::check).toList());
            assertEquals(Severity.BROKEN, findings.getFirst().severity());
        }
    }
}
