package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A program that runs in a pod's agent container, by exec. What it prints is untrusted, and taken up to a bound. */
final class PodExec implements AutoCloseable {
    private static final int MOST_BYTES = 4 << 20;
    private static final int UNKNOWN = -1;

    private final String pod;
    private final ExecWatch exec;
    private final BoundedOutput printed;

    /** Takes one that has been started. */
    PodExec(String pod, ExecWatch exec, BoundedOutput printed) {
        this.pod = pod;
        this.exec = exec;
        this.printed = printed;
    }

    /**
     * Starts it.
     *
     * @throws CommandFailure if the API server refuses that
     */
    static PodExec start(KubernetesClient client, PodSnapshot pod, String... command) {
        BoundedOutput printed = new BoundedOutput(MOST_BYTES);
        try {
            ExecWatch exec = client.pods()
                    .inNamespace(pod.ref().namespace())
                    .withName(pod.ref().name())
                    .inContainer(pod.agentContainer())
                    .redirectingInput()
                    .writingOutput(printed)
                    .writingError(printed)
                    .exec(command);
            return new PodExec(pod.ref().toString(), exec, printed);
        } catch (KubernetesClientException e) {
            Right right = Right.isMissingForReading(e)
                    ? new Right("get", "pods", pod.ref().name(), pod.ref().namespace())
                    : new Right(
                            "create", "pods/exec", pod.ref().name(), pod.ref().namespace());
            throw right.failure(e);
        }
    }

    /** Writes to its standard input, which cannot be ended. */
    void write(String text) {
        try {
            exec.getInput().write(text.getBytes(StandardCharsets.US_ASCII));
            exec.getInput().flush();
        } catch (IOException | KubernetesClientException e) { // the latter if the connection is gone
            throw failed(Reason.line(e));
        }
    }

    /** Waits for its first line. */
    String firstLine(Duration deadline) {
        await(CompletableFuture.anyOf(printed.line(), exec.exitCode()), deadline);
        return printed.text().lines().findFirst().orElseThrow(() -> failed("it printed nothing"));
    }

    /** All that it printed, and its exit status. */
    record Ended(String text, int status) {}

    /** Waits for its end. */
    Ended end(Duration deadline) {
        Integer status = await(exec.exitCode(), deadline);
        return new Ended(printed.text(), status == null ? UNKNOWN : status);
    }

    @Override
    public void close() {
        exec.close();
    }

    private <T> @Nullable T await(CompletableFuture<T> condition, Duration deadline) {
        try {
            return condition.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failed(Reason.line(e));
        } catch (TimeoutException e) {
            throw failed("no answer within " + deadline.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted");
        }
    }

    private CommandFailure failed(String why) {
        return new CommandFailure("exec in the agent of pod " + pod + " failed: " + why);
    }
}
