package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.Release;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterReaderTest {
    private static final Map<String, String> OURS = Map.of("vxlan.travelping.com", "true");
    private static final Map<String, String> OLDER = Map.of("vxlan.openvnf.org", "true");

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void podWithBothLabelsIsListedOnceAndIsOurs() {
        pod("both", Map.of("vxlan.travelping.com", "true", "vxlan.openvnf.org", "true"));
        pod("older", OLDER);
        pod("ours", OURS);

        List<PodFacts> pods = new ClusterReader(cluster.client(), new Release("kube-system", "kube-vxlan-controller"))
                .read("lab")
                .pods();

        assertEquals(
                List.of(
                        "lab/both vxlan.travelping.com",
                        "lab/older vxlan.openvnf.org",
                        "lab/ours vxlan.travelping.com"),
                pods.stream().map(pod -> pod.name() + " " + pod.prefix()).toList());
    }

    @Test
    void withoutItsConfigMapNobodyKnowsWhichNetworksThereAre() {
        assertFalse(reader().read("lab").definitions().isPresent());

        forbid("/api/v1/namespaces/kube-system/configmaps/kube-vxlan-controller");

        assertFalse(reader().read("lab").definitions().isPresent());
    }

    @Test
    void whereNamespacesMayNotBeListedNotAllMembersAreKnown() {
        assertTrue(reader().read("").listed().whole());

        forbid("/api/v1/namespaces");

        assertFalse(reader().read("").listed().whole());
    }

    private ClusterReader reader() {
        return new ClusterReader(cluster.client(), new Release("kube-system", "kube-vxlan-controller"));
    }

    private void forbid(String path) {
        cluster.server().expect().get().withPath(path).andReturn(403, "").always();
    }

    private void pod(String name, Map<String, String> labels) {
        cluster.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("lab")
                        .withName(name)
                        .withUid(name)
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
    }
}
