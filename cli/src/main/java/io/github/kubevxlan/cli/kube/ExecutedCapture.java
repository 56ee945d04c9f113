package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A capture that was started by exec. A line on its standard input begins it, and the next one ends it. */
final class ExecutedCapture implements Captures.Running {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final byte LINE = '\n';

    /** A sign of life; the agent ends after half a minute without one. */
    private static final byte SIGN = ' ';

    private static final Duration SIGNS = Duration.ofSeconds(5);

    private final PodRef pod;
    private final String title;
    private final ExecWatch exec;
    private final BoundedOutput errors;
    private final CompletableFuture<Boolean> taking;
    private boolean hasBegun;
    private boolean isEnding;

    /**
     * Takes a capture that was started.
     *
     * @param taking is completed by the agent's first bytes
     */
    ExecutedCapture(PodRef pod, String title, ExecWatch exec, BoundedOutput errors, CompletableFuture<Boolean> taking) {
        this.pod = pod;
        this.title = title;
        this.exec = exec;
        this.errors = errors;
        this.taking = taking;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean begin() {
        try {
            sendFirst();
            Thread.startVirtualThread(this::sendSigns);
            CompletableFuture.anyOf(taking, ended()).get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gone(e);
        } catch (ExecutionException e) {
            // it ended, and its listener has the reason
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    "the capture in pod " + pod + " did not begin within " + START.toSeconds() + " s", e);
        } catch (IOException e) {
            throw gone(e);
        }
        return taking.isDone();
    }

    private void sendSigns() {
        try {
            do {
                send(SIGN);
            } while (!hasEndedWithin(SIGNS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // it has ended, or will end without signs
        }
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
            if (!ended().isDone() && sendLast()) {
                hasEndedWithin(LAST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw gone(e);
        } finally {
            exec.close(); // ends its standard input too, and with that the capture
        }
    }

    private boolean hasEndedWithin(Duration time) throws InterruptedException {
        try {
            ended().get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            // it has, by a broken connection
        }
        return true;
    }

    /** Nothing is sent behind the line that ends it. */
    private synchronized void send(byte one) throws IOException {
        if (isEnding) {
            return;
        }
        try {
            exec.getInput().write(one);
            exec.getInput().flush();
        } catch (KubernetesClientException e) {
            throw new IOException(e);
        }
    }

    private synchronized void sendFirst() throws IOException {
        send(LINE);
        hasBegun = true;
    }

    /** One that has not begun would take the line for its first; it ends with its standard input. */
    private synchronized boolean sendLast() throws IOException {
        if (hasBegun) {
            send(LINE);
        }
        isEnding = true;
        return hasBegun;
    }

    private CommandFailure gone(Exception failure) {
        return new CommandFailure("the capture in pod " + pod + " is gone", failure);
    }
}
