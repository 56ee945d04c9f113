package io.github.kubevxlan.controller.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a shell prints and completes the answer that is awaited. What nobody awaits is dropped. Each octet is one
 * character, whatever an agent prints: text of its own is shown to nobody as it is.
 */
final class Answer {
    private static final int TAIL = 64;

    /** What this takes of the room; the room's alone to change. */
    int held;

    private final int most;
    private final Room room;
    private Printed bytes = new Printed();
    private @Nullable Pattern end;
    private CompletableFuture<String> future = CompletableFuture.completedFuture("");

    /** What was printed, after a line end, so that the first line is like any other. */
    private static final class Printed extends ByteArrayOutputStream {
        Printed() {
            write('\n');
        }

        String text(int from, int to) {
            return new String(buf, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    /** Takes at most that many octets an answer, and of that room. */
    Answer(int most, Room room) {
        this.most = most;
        this.room = room;
    }

    /** Starts to wait for the end line of that nonce. */
    CompletableFuture<String> expect(String nonce) {
        synchronized (room) {
            drop();
            end = Pattern.compile("\n@" + Pattern.quote(nonce) + " end [0-9]{1,3}\n");
            future = new CompletableFuture<>();
            return future;
        }
    }

    /** The session is over: whoever waits is told so. */
    void fail(AgentException reason) {
        synchronized (room) {
            if (future.completeExceptionally(reason)) {
                drop();
            }
        }
    }

    /** The last answer has been read: it takes no room any more. */
    void drop() {
        synchronized (room) {
            room.giveBack(this);
            bytes = new Printed();
            end = null;
        }
    }

    boolean isAwaited() {
        return !future.isDone();
    }

    /** The shell printed that. */
    void print(byte[] chunk) {
        synchronized (room) {
            if (end == null || future.isDone() || chunk.length == 0) {
                return;
            }
            int before = bytes.size();
            if (before + chunk.length > most) {
                fail(new AgentException("it printed more than " + most + " bytes"));
            } else if (room.take(this, chunk.length)) {
                bytes.writeBytes(chunk);
                if (chunk[chunk.length - 1] == '\n') {
                    complete(end, Math.max(0, before - TAIL));
                }
            }
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
