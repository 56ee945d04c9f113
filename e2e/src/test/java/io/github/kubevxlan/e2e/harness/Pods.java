package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods as users write them, and questions to them. None has a namespace: {@link Stage} gives it its own. */
public final class Pods {
    /** The one container of the pods made here. */
    public static final String APP = "app";

    /** An image with a shell and iproute2, and {@code hold}, which stays until it is told to end. */
    public static final String IMAGE = "vxlan-lab-app:lab";

    private Pods() {}

    /** A labelled pod; {@code networks} is the text of that annotation. Its app stays until it is told to end. */
    public static Pod member(String name, String networks) {
        return member(name, networks, "exec hold");
    }

    /** A labelled pod whose app is a script. */
    public static Pod member(String name, String networks, String script) {
        return new PodBuilder(plain(name, script))
                .editMetadata()
                .addToLabels(Cluster.PREFIX, "true")
                .addToAnnotations(Cluster.PREFIX + "/networks", networks)
                .endMetadata()
                .build();
    }

    /** A pod like any other, without label and annotation. */
    public static Pod plain(String name, String script) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(APP)
                .withImage(IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sh", "-c", script)
                .endContainer()
                .endSpec()
                .build();
    }

    /** The same pod with one more annotation, whose key comes without the prefix. */
    public static Pod annotated(Pod pod, String key, String value) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToAnnotations(Cluster.PREFIX + "/" + key, value)
                .endMetadata()
                .build();
    }

    /**
     * As manifests for the first controller had it: a container beside the app, with a shell and iproute2, where it has the
     * capability that it needs.
     */
    public static Pod withOwnAgent(Pod pod, List<String> capabilities) {
        return new PodBuilder(annotated(pod, "inject", "false"))
                .editSpec()
                .addNewContainer()
                .withName(Cluster.AGENT)
                .withImage(IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withNewSecurityContext()
                .withNewCapabilities()
                .withAdd(capabilities)
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }

    /**
     * With an agent of a user's own, in which a script stands before the image's shell in the path by which exec finds it;
     * it is there before the agent runs.
     */
    public static Pod withShell(Pod pod, String script) {
        return new PodBuilder(withOwnAgent(pod, List.of("NET_ADMIN")))
                .editSpec()
                .addNewVolume()
                .withName("guest")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addNewInitContainer()
                .withName("writer")
                .withImage(IMAGE)
                .withCommand("/bin/sh", "-c", "cp /bin/sh /guest/sh && printf '%s' \"$SCRIPT\" >/guest/sh")
                .addNewEnv()
                .withName("SCRIPT")
                .withValue(script)
                .endEnv()
                .addNewVolumeMount()
                .withName("guest")
                .withMountPath("/guest")
                .endVolumeMount()
                .endInitContainer()
                .editMatchingContainer(container -> Cluster.AGENT.equals(container.getName()))
                .withImage(IMAGE)
                .withCommand("hold")
                .addNewEnv()
                .withName("PATH")
                .withValue("/guest:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                .endEnv()
                .addNewVolumeMount()
                .withName("guest")
                .withMountPath("/guest")
                .endVolumeMount()
                .endContainer()
                .endSpec()
                .build();
    }

    /** The same pod, whose app is ready unless it has that file; a busy machine fails nobody. */
    public static Pod readyUnless(String file, Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .withNewReadinessProbe()
                .withNewExec()
                .withCommand("sh", "-c", "! test -e " + file)
                .endExec()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(30)
                .withFailureThreshold(1)
                .endReadinessProbe()
                .endContainer()
                .endSpec()
                .build();
    }

    /** The same pod with one more label. */
    public static Pod labelled(Pod pod, String key, String value) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(key, value)
                .endMetadata()
                .build();
    }

    /** The same pod with the label that makes it a member. */
    public static Pod labelled(Pod pod) {
        return labelled(pod, Cluster.PREFIX, "true");
    }

    /** What an owner makes such pods of; their names are the owner's. */
    public static PodTemplateSpec template(Pod pod) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(pod.getMetadata().getLabels())
                .withAnnotations(pod.getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(pod.getSpec())
                .build();
    }

    /** The same pod on a node of one's choice: the first, the second, and around again. */
    public static Pod onNode(int index, Pod pod) {
        List<String> nodes = Cluster.nodes();
        return new PodBuilder(pod)
                .editSpec()
                .withNodeSelector(Map.of("kubernetes.io/hostname", nodes.get(index % nodes.size())))
                .endSpec()
                .build();
    }

    /** Why the pod does not count as ready; empty if it does. */
    public static Optional<String> notReady(Pod pod) {
        boolean ready = status(pod).getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
        return ready ? Optional.empty() : Optional.of(describe(pod));
    }

    /** The pod's address in the cluster's network. */
    public static String ip(Pod pod) {
        return Optional.ofNullable(status(pod).getPodIP())
                .orElseThrow(() -> new AssertionError("pod " + name(pod) + " has no IP"));
    }

    /** The pod's IPv6 address in the cluster's network, which is its second one. */
    public static String ipv6(Pod pod) {
        return status(pod).getPodIPs().stream()
                .map(PodIP::getIp)
                .filter(ip -> ip.contains(":"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("pod " + name(pod) + " has no IPv6 address"));
    }

    /**
     * The MAC that a pod's link has in a network. It follows from namespace, name and network if the name returns, else from
     * the pod's UID and the VNI; of members by the million two may want the same, which nobody tries here.
     */
    public static String mac(Pod pod, String network, int vni) {
        ObjectMeta meta = pod.getMetadata();
        boolean isBare = meta.getOwnerReferences().isEmpty() && meta.getGenerateName() == null;
        boolean isOfSet = meta.getOwnerReferences().stream()
                .anyMatch(owner -> owner.getKind().equals("StatefulSet"));
        return derived(
                isBare || isOfSet
                        ? meta.getNamespace() + "/" + meta.getName() + "/" + network
                        : meta.getUid() + "/" + vni);
    }

    private static String derived(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((text + "/0").getBytes(StandardCharsets.UTF_8));
            return "72:78:" + HexFormat.ofDelimiter(":").formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** How often a container was started again. */
    public static int restarts(Pod pod, String container) {
        return container(pod, container).map(ContainerStatus::getRestartCount).orElse(0);
    }

    /** The status with which a container ended before it was started again. */
    public static Optional<Integer> lastExit(Pod pod, String container) {
        return container(pod, container)
                .map(ContainerStatus::getLastState)
                .map(ContainerState::getTerminated)
                .map(ContainerStateTerminated::getExitCode);
    }

    /** Whether a container runs now. */
    public static boolean isRunning(Pod pod, String container) {
        return container(pod, container)
                .filter(status -> status.getState().getRunning() != null)
                .isPresent();
    }

    /** Whether the agent is among its containers, put there by the webhook or by hand. */
    public static boolean hasAgent(Pod pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .anyMatch(container -> container.getName().equals(Cluster.AGENT));
    }

    /** Whether the pod is to stay: not on its way out. */
    public static boolean stays(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null;
    }

    private static String describe(Pod pod) {
        return containers(pod)
                .map(container -> "%s %s, %d restarts"
                        .formatted(container.getName(), state(container), container.getRestartCount()))
                .collect(Collectors.joining(
                        "; ", "pod %s is %s: ".formatted(name(pod), status(pod).getPhase()), ""));
    }

    private static String state(ContainerStatus container) {
        ContainerState state = container.getState();
        if (state.getRunning() != null) {
            return Boolean.TRUE.equals(container.getReady()) ? "ready" : "running";
        } else if (state.getTerminated() != null) {
            return "ended with " + state.getTerminated().getExitCode();
        }
        return state.getWaiting() == null
                ? "not begun"
                : String.valueOf(state.getWaiting().getReason());
    }

    private static Optional<ContainerStatus> container(Pod pod, String name) {
        return containers(pod).filter(status -> status.getName().equals(name)).findFirst();
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.concat(
                status(pod).getInitContainerStatuses().stream(), status(pod).getContainerStatuses().stream());
    }

    private static PodStatus status(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
