package io.github.kubevxlan.controller.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A shell by the API server's exec, {@code sh -s} in the agent container, its input and output kept open. */
public final class KubeAgentSession implements AgentSession, ExecListener {
    private static final int MOST_BYTES = 8 << 20;

    private final Answer answer = new Answer(MOST_BYTES);
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private volatile boolean open = true;
    private volatile @Nullable ExecWatch exec;

    private KubeAgentSession() {}

    /** The way to open sessions with that client. */
    public static SessionOpener opener(KubernetesClient client) {
        return (pod, deadline) -> {
            KubeAgentSession session = new KubeAgentSession();
            session.connect(client, pod, deadline);
            return session;
        };
    }

    private void connect(KubernetesClient client, PodSnapshot pod, Duration deadline)
            throws AgentException, InterruptedException {
        try {
            exec = client.pods()
                    .inNamespace(pod.ref().namespace())
                    .withName(pod.ref().name())
                    .inContainer(pod.agentContainer())
                    .redirectingInput()
                    .writingOutput(answer)
                    .writingError(OutputStream.nullOutputStream())
                    .usingListener(this)
                    .exec("sh", "-s");
            opened.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (KubernetesClientException e) {
            close();
            throw new AgentException("exec was refused: " + Reason.of(e), e);
        } catch (ExecutionException e) {
            close();
            throw new AgentException("exec failed: " + Reason.of(e.getCause()), e);
        } catch (TimeoutException e) {
            close();
            throw new AgentException("exec did not open within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            close();
            throw e;
        }
    }

    @Override
    public String run(String text, String nonce, Duration deadline) throws AgentException, InterruptedException {
        CompletableFuture<String> printed = answer.expect(nonce);
        ExecWatch current = exec;
        if (!open || current == null) {
            throw new AgentException("the session is closed");
        }
        try {
            OutputStream input = current.getInput();
            input.write(text.getBytes(StandardCharsets.US_ASCII));
            input.flush();
            return printed.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            close();
            throw new AgentException("the session broke: " + Reason.of(e), e);
        } catch (ExecutionException e) {
            close();
            throw new AgentException(Reason.of(e.getCause()), e);
        } catch (TimeoutException e) {
            close();
            throw new AgentException("no answer within " + deadline.toSeconds() + " s", e);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        end("the session was closed");
        ExecWatch current = exec;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void onOpen() {
        opened.complete(null);
    }

    @Override
    public void onFailure(Throwable failure, @Nullable Response response) {
        opened.completeExceptionally(failure);
        end(Reason.of(failure));
    }

    @Override
    public void onClose(int code, String reason) {
        end("the agent's shell ended" + (reason.isEmpty() ? "" : ": " + reason));
    }

    private void end(String reason) {
        open = false;
        AgentException over = new AgentException(reason);
        opened.completeExceptionally(over);
        answer.fail(over);
    }
}
