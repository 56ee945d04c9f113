package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A container in which captures of its pod's interfaces start. */
public final class CaptureContainer {
    private static final int MOST_COMPLAINT_BYTES = 4096;

    private final ContainerResource container;
    private final PodRef pod;

    CaptureContainer(ContainerResource container, PodRef pod) {
        this.container = container;
        this.pod = pod;
    }

    /**
     * Starts one, which can begin.
     *
     * @param frames gets the pcapng
     * @throws CommandFailure if the API server refuses that
     */
    public Captures.Running start(String link, OutputStream frames) {
        String title = pod + " " + link;
        BoundedOutput errors = new BoundedOutput(MOST_COMPLAINT_BYTES);
        CompletableFuture<Boolean> taking = new CompletableFuture<>();
        try {
            ExecWatch exec = container
                    .redirectingInput()
                    .writingOutput(new FirstBytes(frames, taking))
                    .writingError(errors)
                    .exec("/vxlan/agent", "capture", link, title);
            return new ExecutedCapture(pod, title, exec, errors, taking);
        } catch (KubernetesClientException e) {
            Right right = Right.isMissingForReading(e)
                    ? new Right("get", "pods", pod.name(), pod.namespace())
                    : new Right("create", "pods/exec", pod.name(), pod.namespace());
            throw right.failure(e);
        }
    }

    /** Tells of the first bytes: an agent sends them once it takes packets. */
    private static final class FirstBytes extends FilterOutputStream {
        private final CompletableFuture<Boolean> came;

        FirstBytes(OutputStream to, CompletableFuture<Boolean> came) {
            super(to);
            this.came = came;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            came.complete(true);
            out.write(bytes, from, length);
        }
    }
}
