package io.github.kubevxlan.cli.kube;

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

    /** What only shows that this is there; the agent waits for it for half a minute. */
    private static final byte SIGN = ' ';

    private static final Duration SIGNS = Duration.ofSeconds(5);

    private final PodRef pod;
    private final String title;
    private final ExecWatch exec;
    private final BoundedOutput errors;
    private final CompletableFuture<Boolean> taking;

    /** Takes what is done when the agent has sent its first bytes. */
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
    public void begin() {
        try {
            send(LINE);
            CompletableFuture.anyOf(taking, ended()).get(START.toMillis(), TimeUnit.MILLISECONDS);
            Thread.startVirtualThread(this::showThatThisIsThere);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // it ended, and its listener has the reason
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    "the capture in pod " + pod + " did not begin within " + START.toSeconds() + " s", e);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private void showThatThisIsThere() {
        try {
            do {
                send(SIGN);
            } while (!hasEndedWithin(SIGNS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // it is ending, or about to end for want of a sign
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
            if (!ended().isDone()) {
                send(LINE);
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

    private synchronized void send(byte one) throws IOException {
        exec.getInput().write(one);
        exec.getInput().flush();
    }

    private CommandFailure gone(IOException failure) {
        return new CommandFailure("the capture in pod " + pod + " is gone", failure);
    }
}
