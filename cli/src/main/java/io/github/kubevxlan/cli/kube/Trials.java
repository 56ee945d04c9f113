package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Selector;
import io.github.kubevxlan.common.spec.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the API server by a dry run what it would do with a new pod, with and without the label. The pod itself is one
 * that every Pod Security level and every sensible quota takes, so that what differs is due to the agent.
 */
final class Trials {
    /** What every Pod Security level takes. */
    static final SecurityContext RESTRICTED = new SecurityContextBuilder()
            .withAllowPrivilegeEscalation(false)
            .withRunAsNonRoot(true)
            .withNewCapabilities()
            .addToDrop("ALL")
            .endCapabilities()
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .build();

    private static final String PROBE = "vxlan-doctor-";

    private final KubernetesClient client;
    private final Keys keys;
    private final List<String> notes;

    Trials(KubernetesClient client, Keys keys, List<String> notes) {
        this.client = client;
        this.keys = keys;
        this.notes = notes;
    }

    /** Tries a pod in each namespace that reaches the webhook; notes the others. */
    List<Trial> in(List<String> namespaces, Selector asked) {
        Map<String, Map<String, String>> labels = new LinkedHashMap<>();
        namespaces.forEach(namespace -> labels.put(namespace, labels(namespace, asked)));
        Map<Boolean, List<String>> byAsked = labels.keySet().stream()
                .collect(Collectors.partitioningBy(namespace -> asked.takes(labels.getOrDefault(namespace, Map.of()))));
        List<String> left = byAsked.getOrDefault(false, List.of());
        if (!left.isEmpty()) {
            notes.add("no pod was tried in " + String.join(", ", left)
                    + ": the webhook's namespaceSelector does not select them");
        }
        List<Trial> tried = Parallel.each(byAsked.getOrDefault(true, List.of()), this::tried);
        tried.forEach(trial -> Stream.of(trial.plain(), trial.labelled())
                .flatMap(result -> result instanceof TrialResult.NotAsked(String why) ? Stream.of(why) : Stream.empty())
                .distinct()
                .forEach(why -> notes.add("no pod was tried in " + trial.namespace() + ": " + why)));
        return Stream.concat(
                        tried.stream(),
                        left.stream()
                                .map(namespace -> new Trial(
                                        namespace,
                                        new TrialResult.NotAsked("the webhook is not asked"),
                                        new TrialResult.Unselected(labels.getOrDefault(namespace, Map.of())))))
                .toList();
    }

    /** Those that cannot be read but for the name, which is a label of every namespace. */
    private Map<String, String> labels(String namespace, Selector asked) {
        Map<String, String> name = Map.of("kubernetes.io/metadata.name", namespace);
        if (asked.equals(Selector.ALL)) {
            return name;
        }
        try {
            return Optional.ofNullable(client.namespaces().withName(namespace).get())
                    .map(there -> there.getMetadata().getLabels())
                    .orElse(name);
        } catch (KubernetesClientException e) {
            notes.add(new Right("get", "namespaces", namespace, namespace)
                            .failure(e)
                            .getMessage() + ": assuming that it has no label but its name");
            return name;
        }
    }

    private Trial tried(String namespace) {
        return new Trial(namespace, ask(namespace, Map.of()), ask(namespace, Map.of(keys.label(), Keys.LABELLED)));
    }

    private TrialResult ask(String namespace, Map<String, String> labels) {
        try {
            Pod made = client.resource(pod(namespace, labels)).dryRun().create();
            return new TrialResult.Taken(
                    Stream.concat(made.getSpec().getInitContainers().stream(), made.getSpec().getContainers().stream())
                            .anyMatch(container -> Keys.isAgent(container.getName())));
        } catch (KubernetesClientException e) {
            if (Right.isAbsent(e)) {
                return new TrialResult.NotAsked("the namespace does not exist");
            }
            return Right.isMissingForCreation(e)
                    ? new TrialResult.NotAsked(String.valueOf(new Right("create", "pods", "", namespace)
                            .failure(e)
                            .getMessage()))
                    : new TrialResult.Refused(Right.words(e));
        }
    }

    private static Pod pod(String namespace, Map<String, String> labels) {
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName(PROBE)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("vxlan-doctor")
                .withNewResources()
                .addToRequests(Map.of("cpu", new Quantity("1m"), "memory", new Quantity("4Mi")))
                .addToLimits(Map.of("cpu", new Quantity("2m"), "memory", new Quantity("8Mi")))
                .endResources()
                .withSecurityContext(RESTRICTED)
                .endContainer()
                .endSpec()
                .build();
    }
}
