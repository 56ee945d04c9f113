package io.github.kubevxlan.controller.agent;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes what a shell prints and completes the answer that is awaited. What nobody awaits is dropped. */
final class Answer extends OutputStream {
    private static final int TAIL = 64;

    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable Pattern end;
    private CompletableFuture<String> future = CompletableFuture.completedFuture("");

    /** Takes at most that many bytes an answer. */
    Answer(int most) {
        this.most = most;
    }

    /** Starts to wait for the end line of that nonce. */
    synchronized CompletableFuture<String> expect(String nonce) {
        bytes.reset();
        end = Pattern.compile("(?:^|\n)@" + Pattern.quote(nonce) + " end [0-9]{1,3}\n");
        future = new CompletableFuture<>();
        return future;
    }

    /** The session is over: whoever waits is told so. */
    synchronized void fail(AgentException reason) {
        future.completeExceptionally(reason);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] chunk, int offset, int length) {
        if (end == null || future.isDone()) {
            return;
        }
        if (bytes.size() + length > most) {
            future.completeExceptionally(new AgentException("it printed more than " + most + " bytes"));
            return;
        }
        int before = bytes.size();
        bytes.write(chunk, offset, length);
        if (endsLine(chunk, offset, length)) {
            complete(Math.max(0, before - TAIL));
        }
    }

    private static boolean endsLine(byte[] chunk, int offset, int length) {
        return length > 0 && chunk[offset + length - 1] == '\n';
    }

    private void complete(int from) {
        String all = bytes.toString(StandardCharsets.UTF_8);
        Matcher matcher = java.util.Objects.requireNonNull(end).matcher(all);
        if (matcher.find(Math.min(from, all.length()))) {
            end = null;
            bytes.reset();
            future.complete(all.substring(0, matcher.start()));
        }
    }
}
