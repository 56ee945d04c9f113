package io.github.kubevxlan.controller.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes what an agent prints and completes the answer that is awaited. What nobody awaits is dropped. Each byte is one
 * character, whatever an agent prints: text of its own is shown to nobody as it is.
 */
final class ResponseBuffer {
    private static final int TAIL = 64;
    private static final int MOST_UNASKED = 1 << 16;

    /** What was printed, and what was expected to be; the budget's alone to change. */
    int held;

    int reserved;

    private final int most;
    private final ByteBudget budget;
    private Printed bytes = new Printed();
    private @Nullable Pattern end;
    private CompletableFuture<String> future = CompletableFuture.completedFuture("");
    private int unasked;

    /** What was printed, after a line end, so that the first line is like any other. */
    private static final class Printed extends ByteArrayOutputStream {
        Printed() {
            write('\n');
        }

        String text(int from, int to) {
            return new String(buf, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    /** Takes at most that many bytes an answer, and of that budget. */
    ResponseBuffer(int most, ByteBudget budget) {
        this.most = most;
        this.budget = budget;
    }

    /**
     * Waits until the budget holds an answer of so many bytes; from then on it takes what is printed until the end matches.
     *
     * @throws AgentException if the budget does not hold it within the deadline
     */
    CompletableFuture<String> expect(Pattern answerEnd, int expected, Duration deadline)
            throws AgentException, InterruptedException {
        synchronized (budget) {
            drop();
            budget.reserve(this, Math.min(expected, most), deadline);
            unasked = 0;
            end = answerEnd;
            future = new CompletableFuture<>();
            return future;
        }
    }

    /** The session is over: a caller that waits gets the reason. */
    void fail(AgentException reason) {
        synchronized (budget) {
            if (future.completeExceptionally(reason)) {
                drop();
            }
        }
    }

    /** The last answer has been read: it takes nothing of the budget any more. */
    void drop() {
        synchronized (budget) {
            budget.giveBack(this);
            bytes = new Printed();
            end = null;
        }
    }

    /** What it takes of the budget. */
    int taken() {
        return Math.max(held, reserved);
    }

    boolean isAwaited() {
        return !future.isDone();
    }

    /** The agent printed that; tells whether to read on, which is of no use if it goes on printing unasked. */
    boolean print(byte[] chunk) {
        synchronized (budget) {
            if (end == null || future.isDone()) {
                return ignore(chunk.length);
            }
            if (chunk.length == 0) {
                return true;
            }
            int before = bytes.size();
            if (before + chunk.length > most) {
                fail(new AgentException("it printed more than " + most + " bytes"));
            } else if (budget.take(this, chunk.length)) {
                bytes.writeBytes(chunk);
                if (chunk[chunk.length - 1] == '\n') {
                    complete(end, Math.max(0, before - TAIL));
                }
            }
            return true;
        }
    }

    /** Drops so many bytes that the agent printed unasked; tells whether to read on. */
    boolean ignore(int bytes) {
        synchronized (budget) {
            unasked = Math.min(unasked + bytes, MOST_UNASKED);
            return unasked < MOST_UNASKED;
        }
    }

    /** Looks only at what is new: an answer in many pieces would be copied once for each otherwise. */
    private void complete(Pattern line, int from) {
        Matcher matcher = line.matcher(bytes.text(from, bytes.size()));
        if (matcher.find()) {
            int length = from + matcher.start();
            String printed = length == 0 ? "" : bytes.text(1, length);
            bytes = new Printed();
            end = null;
            future.complete(printed);
        }
    }
}
