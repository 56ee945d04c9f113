package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.PodFacts.Manifest;
import io.github.kubevxlan.cli.state.PodFacts.Owner;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.watch.PodMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts a pod of the API into the facts that the commands need. */
final class PodFactsMapper {
    private PodFactsMapper() {}

    static PodFacts facts(Pod pod, Keys keys) {
        PodStatus status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
        return new PodFacts(
                new PodMapper(keys).snapshot(pod),
                keys.prefix(),
                Optional.ofNullable(status.getPhase()).orElse(""),
                unscheduled(status).or(() -> waiting(status)).orElse(""),
                manifest(pod));
    }

    private static Manifest manifest(Pod pod) {
        Optional<String> first = agent(pod.getSpec().getInitContainers());
        return new Manifest(
                first.or(() -> agent(pod.getSpec().getContainers())).orElse(""),
                first.isPresent() ? "initContainers" : "containers",
                owner(pod),
                all(pod.getSpec().getEphemeralContainers()).findAny().isPresent());
    }

    private static Optional<String> agent(@Nullable List<Container> containers) {
        return all(containers)
                .filter(container -> container.getName().equals(Keys.AGENT_CONTAINER))
                .findFirst()
                .map(Container::getImage);
    }

    /** A ReplicaSet of a Deployment is called as the Deployment, with a dash and the hash that its pods have as a label. */
    private static Optional<Owner> owner(Pod pod) {
        String hash = "-"
                + Optional.ofNullable(pod.getMetadata().getLabels())
                        .map(labels -> labels.get("pod-template-hash"))
                        .orElse("-");
        return all(pod.getMetadata().getOwnerReferences())
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst()
                .map(reference -> reference.getKind().equals("ReplicaSet")
                                && reference.getName().endsWith(hash)
                        ? new Owner(
                                "deployment",
                                reference
                                        .getName()
                                        .substring(0, reference.getName().length() - hash.length()))
                        : new Owner(reference.getKind().toLowerCase(Locale.ROOT), reference.getName()));
    }

    private static Optional<String> unscheduled(PodStatus status) {
        return all(status.getConditions())
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .findFirst()
                .map(condition -> "it is not scheduled: " + condition.getMessage());
    }

    private static Optional<String> waiting(PodStatus status) {
        return all(status.getInitContainerStatuses(), status.getContainerStatuses())
                .filter(container -> Keys.isAgent(container.getName()))
                .flatMap(container -> waiting(container).stream())
                .findFirst();
    }

    private static Optional<String> waiting(ContainerStatus container) {
        return Optional.ofNullable(container.getState())
                .map(state -> state.getWaiting())
                .map(waiting -> "its container " + container.getName() + " waits: " + words(waiting));
    }

    private static String words(ContainerStateWaiting waiting) {
        return waiting.getReason() + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage());
    }

    @SafeVarargs
    private static <T> Stream<T> all(@Nullable List<T>... lists) {
        return Stream.of(lists).flatMap(list -> list == null ? Stream.empty() : list.stream());
    }
}
