package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The webhook that serves the cluster: what it does to all pods, and what to do without its validation. */
public final class Webhook {
    private static final String MODE = "KUBEVXLAN_AGENT_MODE";
    private static final String EXPIRY = "kube_vxlan_webhook_certificate_not_after_timestamp_seconds";

    private static final Rollout ROLLOUT = new Rollout(Cluster.WEBHOOK, "webhook");

    private Webhook() {}

    /** Sets how agents are injected, as Helm value agent.mode; returns when every webhook does so. */
    public static void setAgentMode(String mode) {
        int replicas = stop();
        Cluster.edit(
                ROLLOUT.deployment(),
                before -> new DeploymentBuilder(before)
                        .editSpec()
                        .withReplicas(replicas)
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .editMatchingEnv(env -> env.getName().equals(MODE))
                        .withValue(mode)
                        .endEnv()
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        awaitReady();
    }

    /**
     * Kills every webhook and lets none come back; returns when none is left. Nobody must make labelled pods meanwhile.
     *
     * @return how many there were to be
     */
    public static int stop() {
        int replicas = ROLLOUT.deployment().get().getSpec().getReplicas();
        ROLLOUT.deployment().scale(0);
        // With 0 the pod is gone from the API while its process goes on for a moment, and answers on open connections.
        ROLLOUT.pods().withGracePeriod(1).delete();
        ROLLOUT.awaitNone();
        return replicas;
    }

    /** Lets so many start; returns when they are ready. */
    public static void start(int replicas) {
        ROLLOUT.deployment().scale(replicas);
        awaitReady();
    }

    /** Returns when all webhooks that should run are ready and no other is left, which would serve in the old way. */
    public static void awaitReady() {
        ROLLOUT.awaitReady();
    }

    /** Its pods that are to stay, sorted by name. */
    public static List<Pod> pods() {
        return ROLLOUT.pods().list().getItems().stream()
                .filter(Pods::stays)
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    /** When the certificates end that are served, in seconds since 1970, as each webhook's metrics say. */
    public static Set<Long> servedUntil() {
        return pods().stream()
                .flatMap(pod -> Footprint.metrics(pod).lines())
                .filter(line -> line.startsWith(EXPIRY + " "))
                .map(line -> new BigDecimal(line.substring(EXPIRY.length() + 1)).longValue())
                .collect(Collectors.toSet());
    }

    /** Has the kubelet look at the webhook's volumes now, and not within a minute and a half. */
    public static void hurryKubelet() {
        pods().forEach(pod -> Cluster.edit(
                Cluster.client().resource(pod),
                found -> new PodBuilder(found)
                        .editMetadata()
                        .addToAnnotations("e2e/hurry", String.valueOf(System.nanoTime()))
                        .endMetadata()
                        .build()));
    }

    /** The image that it runs. */
    public static String image() {
        return ROLLOUT.deployment()
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    /** How many requests all webhooks that run now have answered with that outcome, as their metrics say. */
    public static long count(String outcome) {
        String metric = "kube_vxlan_admission_duration_seconds_count{outcome=\"" + outcome + "\"} ";
        return pods().stream()
                .flatMap(pod -> Footprint.metrics(pod).lines())
                .filter(line -> line.startsWith(metric))
                .mapToLong(line -> Long.parseLong(line.substring(metric.length())))
                .sum();
    }

    /** Does something while edits of the network definitions are not judged. */
    public static void withoutValidation(Runnable action) {
        ValidatingWebhookConfiguration before = validation().get();
        validation().delete();
        try {
            action.run();
        } finally {
            Cluster.client()
                    .resource(new ValidatingWebhookConfigurationBuilder(before)
                            .editMetadata()
                            .withResourceVersion(null)
                            .withUid(null)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    private static Resource<ValidatingWebhookConfiguration> validation() {
        return Cluster.client()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(Cluster.CONTROLLER);
    }
}
