package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.controller.pod.PodRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExecutedCaptureTest {
    private final Exec exec = new Exec();
    private final CompletableFuture<Boolean> taking = new CompletableFuture<>();
    private final ExecutedCapture capture =
            new ExecutedCapture(new PodRef("uid", "lab", "one"), "lab/one vxeth1", exec, new BoundedOutput(9), taking);

    @Test
    void itHasBegunOnceTheAgentSentSomething() throws InterruptedException {
        CompletableFuture<Boolean> begun = CompletableFuture.supplyAsync(capture::begin);
        assertEquals('\n', next());
        assertEquals(' ', next(), "a sign that its reader is there");
        assertFalse(begun.isDone());

        taking.complete(true);
        assertTrue(begun.orTimeout(1, TimeUnit.MINUTES).join());

        exec.ended.complete(0);
        capture.close();
        assertTrue(exec.isClosed);
    }

    @Test
    void oneThatEndsBeforeItBeginsIsWaitedForNoLonger() {
        exec.ended.completeExceptionally(new IOException("reset"));

        assertFalse(capture.begin());
        capture.close();

        assertTrue(exec.isClosed);
    }

    @Test
    void itIsToldToEndAndTheRestIsWaitedFor() throws InterruptedException {
        taking.complete(true);
        assertTrue(capture.begin());
        assertEquals('\n', next());
        assertEquals(' ', next());
        CompletableFuture<?> closed = CompletableFuture.runAsync(capture::close);
        assertEquals('\n', next());
        assertFalse(closed.isDone());

        exec.ended.complete(0);
        closed.orTimeout(1, TimeUnit.MINUTES).join();
        assertTrue(exec.isClosed);
    }

    @Test
    void oneThatIsGoneIsTold() {
        exec.breaks = true;

        CommandFailure failure = assertThrows(CommandFailure.class, capture::begin);
        assertEquals("the capture in pod lab/one is gone", failure.getMessage());
        capture.close();
        assertTrue(exec.isClosed);
    }

    /** The line that ends it would be the first, which begins it. */
    @Test
    void oneThatHasNotBegunIsClosedWithoutALine() {
        capture.close();

        assertTrue(exec.sent.isEmpty());
        assertTrue(exec.isClosed);
        assertFalse(CompletableFuture.supplyAsync(() -> {
                    exec.ended.complete(0);
                    return capture.begin();
                })
                .join());
        assertFalse(exec.sent.contains((int) '\n'), "it begins no more");
    }

    private int next() throws InterruptedException {
        return Objects.requireNonNull(exec.sent.poll(1, TimeUnit.MINUTES), "nothing was sent");
    }

    /** Takes what is sent, until it breaks. */
    private static final class Exec implements ExecWatch {
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();
        private final BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
        private volatile boolean breaks;
        private volatile boolean isClosed;

        @Override
        public CompletableFuture<Integer> exitCode() {
            return ended;
        }

        @Override
        public OutputStream getInput() {
            return new OutputStream() {
                @Override
                public void write(int single) {
                    if (breaks) {
                        throw new KubernetesClientException("closed"); // as the library does
                    }
                    sent.add(single);
                }
            };
        }

        @Override
        public void close() {
            isClosed = true;
        }

        @Override
        public void resize(int columns, int rows) {
            throw new AssertionError("it has no terminal");
        }

        @Override
        public InputStream getOutput() {
            throw new AssertionError("it is written elsewhere");
        }

        @Override
        public InputStream getError() {
            throw new AssertionError("it is written elsewhere");
        }

        @Override
        public InputStream getErrorChannel() {
            throw new AssertionError("it is written elsewhere");
        }
    }
}
