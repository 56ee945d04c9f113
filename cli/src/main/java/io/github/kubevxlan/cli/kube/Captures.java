package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.github.kubevxlan.controller.pod.PodRef;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Captures packets in pods. In each it adds an ephemeral container, whose first process only waits, and starts the
 * captures in it by exec: the container's runtime logs what a container prints, and not what an exec does.
 */
public final class Captures {
    private static final String PREFIX = "vxlan-capture-";
    private static final int NAME_BYTES = 4;
    private static final Duration START = Duration.ofSeconds(60);
    /** Adds to a list by name, so that captures that start at the same time leave each other's containers alone. */
    private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

    private final KubernetesClient client;
    private final String image;
    private final SecureRandom random = new SecureRandom();

    /** Takes the way to the cluster, and the image that holds the program. */
    public Captures(KubernetesClient client, String image) {
        this.client = client;
        this.image = image;
    }

    /**
     * Adds the container to a pod, and waits until captures can start in it. It ends by itself, once all captures that
     * started in it have ended.
     *
     * @throws CommandFailure if the container cannot be made or does not start
     */
    public CaptureContainer open(PodRef pod) {
        byte[] bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        String name = PREFIX + HexFormat.of().formatHex(bytes);
        PodResource resource = client.pods().inNamespace(pod.namespace()).withName(pod.name());
        try {
            resource.ephemeralContainers().patch(MERGE, with(container(name)));
        } catch (KubernetesClientException e) {
            throw new Right("patch", "pods/ephemeralcontainers", pod.name(), pod.namespace()).failure(e);
        }
        awaitStart(resource, pod, name);
        return new CaptureContainer(resource.inContainer(name), pod);
    }

    /** A running capture. */
    public interface Running extends AutoCloseable {
        /** The name of its interface in the file: NAMESPACE/POD LINK. */
        String title();

        /**
         * Begins to take packets; returns once it takes them, or has ended.
         *
         * @return whether it takes them
         * @throws CommandFailure if it is gone, or does not begin within half a minute
         */
        boolean begin();

        /** Is done when the capture has ended, by itself too. */
        CompletableFuture<Integer> ended();

        /** Its error output; may be empty. */
        String complaint();

        /**
         * Ends the capture after it has passed on all packets.
         *
         * @throws CommandFailure if it was gone
         */
        @Override
        void close();
    }

    private static Pod with(EphemeralContainer container) {
        return new PodBuilder()
                .withNewSpec()
                .addToEphemeralContainers(container)
                .endSpec()
                .build();
    }

    private EphemeralContainer container(String name) {
        return new EphemeralContainerBuilder()
                .withName(name)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/vxlan/agent", "capturing")
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .withRunAsNonRoot(false)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .addToDrop("ALL")
                .addToAdd("NET_RAW")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .build();
    }

    private static void awaitStart(PodResource resource, PodRef pod, String name) {
        try {
            Pod now = resource.waitUntilCondition(
                    there -> there == null
                            || state(there, name)
                                    .filter(Captures::isStartedOrFailed)
                                    .isPresent(),
                    START.toMillis(),
                    TimeUnit.MILLISECONDS);
            Optional<ContainerState> state = now == null ? Optional.empty() : state(now, name);
            if (state.map(ContainerState::getRunning).isEmpty()) {
                throw new CommandFailure("the capturing container in pod " + pod + " did not start: "
                        + state.map(Captures::why).orElse("the pod is gone"));
            }
        } catch (KubernetesClientTimeoutException e) {
            throw new CommandFailure(
                    "the capturing container in pod " + pod + " did not start within " + START.toSeconds() + " s", e);
        } catch (KubernetesClientException e) {
            throw new Right("watch", "pods", pod.name(), pod.namespace()).failure(e);
        }
    }

    private static Optional<ContainerState> state(@Nullable Pod pod, String name) {
        List<ContainerStatus> statuses = pod == null || pod.getStatus() == null
                ? List.of()
                : Optional.ofNullable(pod.getStatus().getEphemeralContainerStatuses())
                        .orElse(List.of());
        return statuses.stream()
                .filter(status -> status.getName().equals(name))
                .map(ContainerStatus::getState)
                .findFirst();
    }

    static boolean isStartedOrFailed(ContainerState state) {
        return state.getRunning() != null
                || state.getTerminated() != null
                || (state.getWaiting() != null
                        && String.valueOf(state.getWaiting().getReason())
                                .matches("Err.*|.*Error|.*BackOff|InvalidImageName"));
    }

    private static String why(ContainerState state) {
        return state.getTerminated() != null
                ? "it ended with status " + state.getTerminated().getExitCode() + " "
                        + Optional.ofNullable(state.getTerminated().getMessage())
                                .orElse("")
                : state.getWaiting().getReason() + " "
                        + Optional.ofNullable(state.getWaiting().getMessage()).orElse("");
    }
}
