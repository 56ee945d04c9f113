package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The installed release. For classes that say {@code @Isolated} only. */
public final class Release {
    private Release() {}

    /** Upgrades it by Helm with some values changed, as {@code --set NAME=VALUE}; returns when all its pods are new, and ready. */
    public static void upgrade(String... options) {
        List<String> command = new ArrayList<>(List.of(
                "helm", "upgrade", Cluster.CONTROLLER, "charts/kube-vxlan-controller", "--namespace", Cluster.SYSTEM));
        command.addAll(List.of("--reuse-values", "--wait", "--timeout", "2m"));
        command.addAll(Arrays.asList(options));
        Client.run(command.toArray(String[]::new));
        Controller.awaitReady();
        Webhook.awaitReady();
    }

    /** Returns when pods with that label get an agent: the API server has taken to the webhook of another prefix. */
    public static void awaitInjection(String prefix) {
        Pod pod = new PodBuilder(Pods.plain("tried", "exit"))
                .editMetadata()
                .addToLabels(prefix, "true")
                .addToAnnotations(prefix + "/names", "any")
                .endMetadata()
                .build();
        Await.until("pods with label " + prefix + " get an agent", () -> {
            Pod admitted = Cluster.client()
                    .resource(pod)
                    .inNamespace("default")
                    .dryRun()
                    .create();
            return admitted.getSpec().getInitContainers().isEmpty() ? Optional.of("none was put in") : Optional.empty();
        });
    }
}
