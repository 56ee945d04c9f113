package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A container in which captures of its pod's interfaces start. */
public final class CaptureContainer {
    private static final int MOST_COMPLAINT_BYTES = 4096;
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final byte[] LINE = {'\n'};

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
        try {
            ExecWatch exec = container
                    .redirectingInput()
                    .writingOutput(frames)
                    .writingError(errors)
                    .exec("/vxlan/agent", "capture", link, title);
            return new Executed(pod, title, exec, errors);
        } catch (KubernetesClientException e) {
            Right right = Right.isMissingForReading(e)
                    ? new Right("get", "pods", pod.name(), pod.namespace())
                    : new Right("create", "pods/exec", pod.name(), pod.namespace());
            throw right.failure(e);
        }
    }

    private record Executed(PodRef pod, String title, ExecWatch exec, BoundedOutput errors)
            implements Captures.Running {
        @Override
        public void begin() {
            line();
        }

        @Override
        public CompletableFuture<Integer> ended() {
            return exec.exitCode();
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
                // The capture ends all the same when its standard input does.
            } finally {
                exec.close();
            }
        }

        private void line() {
            try {
                exec.getInput().write(LINE);
                exec.getInput().flush();
            } catch (IOException e) {
                throw new CommandFailure("the capture in pod " + pod + " is gone", e);
            }
        }
    }
}
