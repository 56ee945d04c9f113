package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.github.kubevxlan.cli.trial.TrialPod;
import io.github.kubevxlan.common.spec.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Pods that this command makes, one on each node, and removes when it is closed. Should the command be killed, they end by
 * themselves after ten minutes.
 */
public final class TrialPods implements AutoCloseable {
    /** How many nodes get a pod at most. */
    public static final int MOST_NODES = 10;

    private static final long LONGEST_LIFE_SECONDS = 600;
    private static final String LINUX = "linux";
    private static final String PREFIX = "vxlan-doctor-";
    private static final Map<String, Quantity> LEAST = Map.of("cpu", new Quantity("1m"), "memory", new Quantity("8Mi"));

    private final KubernetesClient client;
    private final Keys keys;
    private final String namespace;
    private final List<String> made = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private boolean isClosed;

    /** Takes the way to the cluster, and the namespace that the pods shall be in. */
    public TrialPods(KubernetesClient client, Keys keys, String namespace) {
        this.client = client;
        this.keys = keys;
        this.namespace = namespace;
    }

    /**
     * The names of the first nodes, by name, that take pods for Linux.
     *
     * @throws CommandFailure if nodes cannot be listed
     */
    public List<String> nodes() {
        try {
            return client.nodes().list().getItems().stream()
                    .filter(TrialPods::takesPods)
                    .map(node -> node.getMetadata().getName())
                    .sorted()
                    .limit(MOST_NODES)
                    .toList();
        } catch (KubernetesClientException e) {
            throw new Right("list", "nodes", "", "").failure(e);
        }
    }

    private static boolean takesPods(Node node) {
        boolean isTainted = node.getSpec().getTaints().stream()
                .anyMatch(taint -> !taint.getEffect().equals("PreferNoSchedule"));
        return !isTainted && isLinux(node) && Readiness.getInstance().isReady(node);
    }

    private static boolean isLinux(Node node) {
        return Optional.ofNullable(node.getMetadata().getLabels())
                .orElse(Map.of())
                .getOrDefault("kubernetes.io/os", LINUX)
                .equals(LINUX);
    }

    /**
     * Asks what image the webhook gives an agent, by a dry run.
     *
     * @return empty if a pod gets no agent
     * @throws KubernetesClientException if the API server refuses the pod
     */
    public Optional<String> agentImage(String networks) {
        Pod tried = client.resource(pod("none", "none", networks)).dryRun().create();
        return Stream.concat(tried.getSpec().getInitContainers().stream(), tried.getSpec().getContainers().stream())
                .filter(container -> Keys.isAgent(container.getName()))
                .map(container -> container.getImage())
                .findFirst();
    }

    /**
     * Makes a pod.
     *
     * @throws KubernetesClientException if the API server refuses it
     * @throws CommandFailure if this is closed: the command is being ended
     */
    public synchronized TrialPod make(String node, String image, String networks) {
        if (isClosed) {
            throw new CommandFailure("interrupted");
        }
        Pod pod = client.resource(pod(node, image, networks)).create();
        made.add(pod.getMetadata().getName());
        return new TrialPod(namespace + "/" + pod.getMetadata().getName(), node);
    }

    /** Waits until all are ready; gives the names of those that are not in time, as NAMESPACE/NAME. */
    public List<String> awaitReady() {
        return Parallel.each(
                        made(), name -> isReady(name) ? Optional.<String>empty() : Optional.of(namespace + "/" + name))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private synchronized List<String> made() {
        return List.copyOf(made);
    }

    private boolean isReady(String name) {
        try {
            resource(name).waitUntilReady(TrialPod.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (KubernetesClientTimeoutException e) {
            return false;
        } catch (KubernetesClientException e) {
            throw new Right("watch", "pods", name, namespace).failure(e);
        }
    }

    /** Deletes them once. A shutdown hook may be the first to do it, while the command still makes pods. */
    @Override
    public synchronized void close() {
        isClosed = true;
        List<CommandFailure> failures = new ArrayList<>();
        for (String name : made) {
            deleted(name).ifPresent(failure -> {
                left.add(name);
                failures.add(failure);
            });
        }
        made.clear();
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** The names of those that could not be deleted. */
    public synchronized List<String> left() {
        return List.copyOf(left);
    }

    private Optional<CommandFailure> deleted(String name) {
        try {
            resource(name).withGracePeriod(0).delete();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(new Right("delete", "pods", name, namespace).failure(e));
        }
    }

    private PodResource resource(String name) {
        return client.pods().inNamespace(namespace).withName(name);
    }

    private Pod pod(String node, String image, String networks) {
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName(PREFIX)
                .withNamespace(namespace)
                .addToLabels(keys.label(), Keys.LABELLED)
                .addToAnnotations(keys.networks(), networks)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withActiveDeadlineSeconds(LONGEST_LIFE_SECONDS)
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .addNewContainer()
                .withName("app")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withNewResources()
                .withRequests(LEAST)
                .withLimits(Map.of("memory", new Quantity("16Mi")))
                .endResources()
                .withNewSecurityContextLike(Trials.RESTRICTED)
                .withReadOnlyRootFilesystem(true)
                .withRunAsUser(65532L)
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }
}
