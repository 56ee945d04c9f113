package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.WindowsSecurityContextOptions;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.NodeOs;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.status.StatusJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts a pod of the API into a snapshot. */
public final class PodMapper {
    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");
    private static final String WINDOWS = "windows";
    private static final WindowsSecurityContextOptions NO_OPTIONS = new WindowsSecurityContextOptions();
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Keys keys;

    /** Takes the keys of what is ours on a pod. */
    public PodMapper(Keys keys) {
        this.keys = keys;
    }

    /** What the controller needs to know of a pod that the API server gave. */
    public PodSnapshot snapshot(Pod pod) {
        PodStatus status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
        Optional<ContainerStatus> agent = runningAgent(status);
        return new PodSnapshot(
                ref(pod),
                new PodSnapshot.Placement(
                        Optional.ofNullable(pod.getSpec().getNodeName()).orElse(""),
                        ips(status),
                        Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
                        isFinished(pod, status),
                        isEnding(pod)),
                new PodSnapshot.AgentContainer(
                        agentState(pod, agent.isPresent()),
                        agent.map(ContainerStatus::getName).orElse(Keys.AGENT_CONTAINER),
                        agent.map(ContainerStatus::getContainerID).orElse(""),
                        agent.map(ContainerStatus::getImageID).orElse("")),
                new PodSnapshot.PodMeta(ownAnnotations(pod), labels(pod), created(pod)),
                observedStatus(pod));
    }

    /** What was written back to a pod. */
    public ObservedStatus observedStatus(Pod pod) {
        String uid = pod.getMetadata().getUid();
        String text = annotations(pod).getOrDefault(keys.status(), "");
        return new ObservedStatus(
                version(pod), new OverlayStatus(text.isEmpty() ? List.of() : StatusJson.read(text, uid), ready(pod)));
    }

    /** A pod's resourceVersion as a number; 0 if it has none. */
    public static long version(Pod pod) {
        String version = pod.getMetadata().getResourceVersion();
        return version == null ? 0 : Long.parseLong(version);
    }

    private Optional<ReadyCondition> ready(Pod pod) {
        return ours(Optional.ofNullable(pod.getStatus()).map(PodStatus::getConditions)).stream()
                .findFirst()
                .map(condition -> new ReadyCondition(
                        "True".equals(condition.getStatus()),
                        Objects.requireNonNullElse(condition.getReason(), ""),
                        Objects.requireNonNullElse(condition.getMessage(), "")));
    }

    private List<PodCondition> ours(Optional<List<PodCondition>> conditions) {
        return conditions.orElse(List.of()).stream()
                .filter(condition -> keys.ready().equals(condition.getType()))
                .toList();
    }

    /** What the pod's owner says. */
    private Map<String, String> ownAnnotations(Pod pod) {
        return annotations(pod).entrySet().stream()
                .filter(entry -> !entry.getKey().equals(keys.status()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Instant created(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getCreationTimestamp())
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }

    private static AgentState agentState(Pod pod, boolean isRunning) {
        if (isMirror(pod)) {
            return AgentState.OF_STATIC_POD;
        }
        if (isWindows(pod.getSpec())) {
            return AgentState.OF_WINDOWS;
        }
        if (isRunning) {
            return LastContainer.isAgent(pod) ? AgentState.ALONE : AgentState.RUNNING;
        }
        return hasAgent(pod) ? AgentState.WAITING : AgentState.NONE;
    }

    static PodRef ref(Pod pod) {
        return new PodRef(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                NameKinds.kind(pod.getMetadata()));
    }

    /** Drops what {@link #snapshot} does not look at, so that a cached pod is small. */
    Pod stripped(Pod pod) {
        PodBuilder small = new PodBuilder()
                .withApiVersion(pod.getApiVersion())
                .withKind(pod.getKind())
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .withUid(pod.getMetadata().getUid())
                .withResourceVersion(pod.getMetadata().getResourceVersion())
                .withCreationTimestamp(pod.getMetadata().getCreationTimestamp())
                .withDeletionTimestamp(pod.getMetadata().getDeletionTimestamp())
                .withGenerateName(pod.getMetadata().getGenerateName())
                .withOwnerReferences(NameKinds.kept(pod.getMetadata()))
                .withAnnotations(annotations(pod))
                .withLabels(labels(pod))
                .endMetadata()
                .withNewSpec()
                .withNodeName(pod.getSpec().getNodeName())
                .withHostNetwork(pod.getSpec().getHostNetwork())
                .withRestartPolicy(LastContainer.policy(pod.getSpec()))
                .endSpec();
        if (isMirror(pod)) {
            small.editMetadata().addToAnnotations(MIRROR, "").endMetadata();
        }
        if (isWindows(pod.getSpec())) {
            small.editSpec().withNewOs(WINDOWS).endSpec();
        }
        if (hasAgent(pod)) {
            small.editSpec()
                    .addNewContainer()
                    .withName(Keys.AGENT_CONTAINER)
                    .endContainer()
                    .endSpec();
        }
        PodStatus status = pod.getStatus();
        if (status != null) {
            small.withNewStatus()
                    .withPhase(status.getPhase())
                    .withPodIP(status.getPodIP())
                    .withPodIPs(status.getPodIPs())
                    .withConditions(ours(Optional.ofNullable(status.getConditions())))
                    .withContainerStatuses(kept(status.getContainerStatuses()))
                    .withInitContainerStatuses(kept(status.getInitContainerStatuses()).stream()
                            .filter(PodMapper::isAgent)
                            .toList())
                    .endStatus();
        }
        return small.build();
    }

    /** The same of a pod with an agent of ours; of any other its name is left, so that a queue of Jobs costs little. */
    Pod strippedUnlessOurs(Pod pod) {
        return hasAgent(pod)
                ? stripped(pod)
                : new PodBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withUid(pod.getMetadata().getUid())
                        .withResourceVersion(pod.getMetadata().getResourceVersion())
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build();
    }

    private static List<ContainerStatus> kept(@Nullable List<ContainerStatus> statuses) {
        return statuses == null
                ? List.of()
                : statuses.stream()
                        .map(status -> {
                            ContainerStatus small = new ContainerStatus();
                            small.setName(status.getName());
                            small.setContainerID(status.getContainerID());
                            if (isAgent(status)) {
                                small.setImageID(status.getImageID());
                            }
                            small.setState(status.getState());
                            return small;
                        })
                        .toList();
    }

    /** A network may except pods from port security by any of them. */
    private static Map<String, String> labels(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
    }

    private Map<String, String> annotations(Pod pod) {
        return ours(pod.getMetadata().getAnnotations(), keys);
    }

    static Map<String, String> ours(@Nullable Map<String, String> annotations, Keys keys) {
        return annotations == null
                ? Map.of()
                : annotations.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(keys.prefix() + "/"))
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The API server keeps {@code podIP} the first of {@code podIPs}. */
    private static List<IpAddr> ips(PodStatus status) {
        return Stream.concat(
                        Stream.ofNullable(status.getPodIP()),
                        Stream.ofNullable(status.getPodIPs())
                                .flatMap(List::stream)
                                .map(PodIP::getIp))
                .flatMap(text -> ip(text).stream())
                .distinct()
                .toList();
    }

    private static Optional<IpAddr> ip(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty() : Optional.of(IpAddr.parse(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    private static boolean isFinished(Pod pod, PodStatus status) {
        if (status.getPhase() != null && FINISHED.contains(status.getPhase())) {
            return true;
        }
        List<ContainerStatus> apps = status.getContainerStatuses() == null
                ? List.of()
                : status.getContainerStatuses().stream()
                        .filter(container -> !isAgent(container))
                        .toList();
        return isEnding(pod)
                && !apps.isEmpty()
                && apps.stream()
                        .allMatch(container -> container.getState() != null
                                && container.getState().getTerminated() != null);
    }

    private static boolean isEnding(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether it only mirrors a static pod, which a kubelet runs from a file. */
    private static boolean isMirror(Pod pod) {
        return pod.getMetadata().getAnnotations() != null
                && pod.getMetadata().getAnnotations().containsKey(MIRROR);
    }

    private static boolean isWindows(PodSpec spec) {
        return (spec.getOs() != null && WINDOWS.equals(spec.getOs().getName()))
                || (spec.getNodeSelector() != null
                        && WINDOWS.equals(spec.getNodeSelector().get(NodeOs.LABEL)))
                || NodeOs.excluding(requiredNodes(spec)).isPresent()
                || hasWindowsOptions(spec);
    }

    private static boolean hasWindowsOptions(PodSpec spec) {
        Stream<WindowsSecurityContextOptions> ofContainers = Stream.of(spec.getInitContainers(), spec.getContainers())
                .flatMap(containers -> containers == null ? Stream.<Container>empty() : containers.stream())
                .flatMap(container -> Stream.ofNullable(container.getSecurityContext()))
                .flatMap(context -> Stream.ofNullable(context.getWindowsOptions()));
        Stream<WindowsSecurityContextOptions> ofPod = Stream.ofNullable(spec.getSecurityContext())
                .flatMap(context -> Stream.ofNullable(context.getWindowsOptions()));
        return Stream.concat(ofPod, ofContainers).anyMatch(options -> !options.equals(NO_OPTIONS));
    }

    private static List<List<NodeOs.Requirement>> requiredNodes(PodSpec spec) {
        return Optional.ofNullable(spec.getAffinity())
                .map(Affinity::getNodeAffinity)
                .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
                .map(NodeSelector::getNodeSelectorTerms)
                .orElse(List.of())
                .stream()
                .map(term -> Stream.of(term.getMatchExpressions(), term.getMatchFields())
                        .flatMap(all -> all == null ? Stream.<NodeSelectorRequirement>empty() : all.stream())
                        .map(each -> new NodeOs.Requirement(
                                each.getKey(),
                                each.getOperator(),
                                each.getValues() == null ? Set.of() : Set.copyOf(each.getValues())))
                        .toList())
                .toList();
    }

    private static boolean hasAgent(Pod pod) {
        return Stream.of(pod.getSpec().getContainers(), pod.getSpec().getInitContainers())
                .flatMap(containers -> containers == null ? Stream.<Container>empty() : containers.stream())
                .anyMatch(container -> container.getName().equals(Keys.AGENT_CONTAINER));
    }

    /** The agent, or in classic mode, and while it is not there yet, its init container. */
    private static Optional<ContainerStatus> runningAgent(PodStatus status) {
        return Stream.of(status.getContainerStatuses(), status.getInitContainerStatuses())
                .flatMap(statuses -> statuses == null ? Stream.<ContainerStatus>empty() : statuses.stream())
                .filter(container -> isAgent(container) && isRunning(container))
                .findFirst();
    }

    private static boolean isAgent(ContainerStatus container) {
        return Keys.isAgent(container.getName());
    }

    private static boolean isRunning(ContainerStatus container) {
        return container.getState() != null && container.getState().getRunning() != null;
    }
}
