package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.github.kubevxlan.common.spec.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells whether a pod runs only because of its agent. The kubelet takes a sidecar in classic mode for an app and waits
 * for it; of a native one it knows better.
 */
final class LastContainer {
    private static final String ALWAYS = "Always";
    private static final String ON_FAILURE = "OnFailure";

    private LastContainer() {}

    /** Whether the agent runs and every other container has ended, never to be started again. */
    static boolean isAgent(Pod pod) {
        String policy = policy(pod.getSpec());
        List<ContainerStatus> statuses =
                pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
                        ? List.of()
                        : pod.getStatus().getContainerStatuses();
        Map<Boolean, List<ContainerStatus>> byKind = statuses.stream()
                .collect(Collectors.partitioningBy(status -> Keys.AGENT_CONTAINER.equals(status.getName())));
        List<ContainerStatus> apps = byKind.getOrDefault(false, List.of());
        return !policy.equals(ALWAYS)
                && byKind.getOrDefault(true, List.of()).stream().anyMatch(LastContainer::isRunning)
                && !apps.isEmpty()
                && apps.stream().allMatch(app -> hasEnded(app, policy));
    }

    /** The pod's restart policy; {@code Always} too where a container has rules of its own (Kubernetes 1.34, KEP-5307). */
    static String policy(PodSpec spec) {
        boolean isEachItsOwn = spec.getContainers() != null
                && spec.getContainers().stream().anyMatch(container -> container.getRestartPolicy() != null);
        return isEachItsOwn
                ? ALWAYS
                : Optional.ofNullable(spec.getRestartPolicy()).orElse(ALWAYS);
    }

    private static boolean isRunning(ContainerStatus status) {
        return status.getState() != null && status.getState().getRunning() != null;
    }

    private static boolean hasEnded(ContainerStatus status, String policy) {
        ContainerStateTerminated ended =
                status.getState() == null ? null : status.getState().getTerminated();
        return ended != null && !(policy.equals(ON_FAILURE) && ended.getExitCode() != 0);
    }
}
