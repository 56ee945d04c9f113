package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The labels are those of the plugins' own manifests. */
class NetworkPluginsTest {
    private static final Map<String, String> CILIUM = Map.of(
            "k8s-app", "cilium", "app.kubernetes.io/name", "cilium-agent", "app.kubernetes.io/part-of", "cilium");
    private static final Map<String, String> CALICO =
            Map.of("k8s-app", "calico-node", "app.kubernetes.io/name", "calico-node", "pod-template-generation", "1");
    private static final Map<String, String> NSX =
            Map.of("component", "nsx-node-agent", "tier", "nsx-networking", "version", "v1");

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void eachIsKnownByItsNodesPods() {
        pod("kube-system", "cilium-x7k2p", CILIUM);
        assertEquals(Set.of("cilium"), NetworkPlugins.running(cluster.client()));

        pod("calico-system", "calico-node-8zq4d", CALICO);
        pod("nsx-system", "nsx-node-agent-2ksdl", NSX);
        assertEquals(Set.of("cilium", "calico", "nsx"), NetworkPlugins.running(cluster.client()));
    }

    @Test
    void theirOtherProgramsAndOtherPodsAreNone() {
        pod("kube-system", "cilium-operator", Map.of("name", "cilium-operator", "io.cilium/app", "operator"));
        pod("calico-system", "calico-typha", Map.of("k8s-app", "calico-typha"));
        pod("nsx-system", "nsx-ncp", Map.of("component", "nsx-ncp", "tier", "nsx-networking"));
        pod("lab", "one", Map.of());

        assertEquals(Set.of(), NetworkPlugins.running(cluster.client()));
    }

    private void pod(String namespace, String name, Map<String, String> labels) {
        cluster.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }
}
