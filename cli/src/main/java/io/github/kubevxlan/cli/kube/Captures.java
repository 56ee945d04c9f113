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
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Captures packets in a pod by an ephemeral container, which ends with the capture. */
public final class Captures {
    private static final String PREFIX = "vxlan-capture-";
    private static final int NAME_BYTES = 4;
    private static final int MOST_COMPLAINT_BYTES = 4096;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final byte[] LINE = {'\n'};

    private final KubernetesClient client;
    private final String image;
    private final SecureRandom random = new SecureRandom();

    /** Takes the way to the cluster, and the image that holds the program. */
    public Captures(KubernetesClient client, String image) {
        this.client = client;
        this.image = image;
    }

    /**
     * Starts one, and waits until it can begin.
     *
     * @param frames gets the pcapng
     * @throws CommandFailure if the container cannot be made or does not start
     */
    public Running start(PodRef pod, String link, OutputStream frames) {
        byte[] bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        String name = PREFIX + HexFormat.of().formatHex(bytes);
        PodResource resource = client.pods().inNamespace(pod.namespace()).withName(pod.name());
        try {
            resource.ephemeralContainers().edit(there -> with(there, container(name, pod + " " + link, link)));
        } catch (KubernetesClientException e) {
            throw new Right("patch", "pods/ephemeralcontainers", pod.name(), pod.namespace()).failure(e);
        }
        awaitStart(resource, pod, name);
        BoundedOutput errors = new BoundedOutput(MOST_COMPLAINT_BYTES);
        try {
            ContainerResource container = resource.inContainer(name);
            ExecWatch attached = container
                    .redirectingInput()
                    .writingOutput(frames)
                    .writingError(errors)
                    .attach();
            return new Attached(pod, pod + " " + link, attached, errors);
        } catch (KubernetesClientException e) {
            throw new Right("create", "pods/attach", pod.name(), pod.namespace()).failure(e);
        }
    }

    /** A running capture. */
    public interface Running extends AutoCloseable {
        /** The name of its interface in the file: NAMESPACE/POD LINK. */
        String title();

        /**
         * Begins to take packets.
         *
         * @throws CommandFailure if it is gone
         */
        void begin();

        /** Is done when the container has ended, by itself too. */
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

    private record Attached(PodRef pod, String title, ExecWatch attached, BoundedOutput errors) implements Running {
        @Override
        public void begin() {
            line();
        }

        @Override
        public CompletableFuture<Integer> ended() {
            return attached.exitCode();
        }

        @Override
        public String complaint() {
            return errors.text().strip();
        }

        @Override
        public void close() {
            try {
                if (!ended().isDone()) {
                    line();
                    ended().get(LAST.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // The container ends all the same when its standard input does.
            } finally {
                attached.close();
            }
        }

        private void line() {
            try {
                attached.getInput().write(LINE);
                attached.getInput().flush();
            } catch (IOException e) {
                throw new CommandFailure("the capture in pod " + pod + " is gone", e);
            }
        }
    }

    private static Pod with(Pod pod, EphemeralContainer container) {
        return new PodBuilder(pod)
                .editSpec()
                .addToEphemeralContainers(container)
                .endSpec()
                .build();
    }

    private EphemeralContainer container(String name, String title, String link) {
        return new EphemeralContainerBuilder()
                .withName(name)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/vxlan/agent", "capture", link, title)
                .withStdin(true)
                .withStdinOnce(true)
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
                throw new CommandFailure("the capture in pod " + pod + " did not start: "
                        + state.map(Captures::why).orElse("the pod is gone"));
            }
        } catch (KubernetesClientTimeoutException e) {
            throw new CommandFailure(
                    "the capture in pod " + pod + " did not start within " + START.toSeconds() + " s", e);
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

    private static boolean isStartedOrFailed(ContainerState state) {
        return state.getRunning() != null
                || state.getTerminated() != null
                || (state.getWaiting() != null
                        && String.valueOf(state.getWaiting().getReason()).matches("Err.*|.*Error|.*BackOff"));
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
