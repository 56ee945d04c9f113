package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which CNI plugins run in a cluster, by the labels that their own manifests give their pods. */
final class NetworkPlugins {
    private static final Map<String, Map<String, String>> LABELS = Map.of(
            "cilium", Map.of("k8s-app", "cilium"),
            "calico", Map.of("k8s-app", "calico-node"),
            "nsx", Map.of("tier", "nsx-networking", "component", "nsx-node-agent"));

    private NetworkPlugins() {}

    /** Their names; none where the caller may not list pods everywhere, of which a note says so already. */
    static Set<String> running(KubernetesClient client) {
        try {
            return LABELS.entrySet().stream()
                    .filter(plugin -> isRunning(client, plugin.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        } catch (KubernetesClientException e) {
            return Set.of();
        }
    }

    private static boolean isRunning(KubernetesClient client, Map<String, String> labels) {
        return !client.pods()
                .inAnyNamespace()
                .withLabels(labels)
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getItems()
                .isEmpty();
    }
}
