package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.util.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** An agent that is a process of this machine; what it prints is bounded as that of a pod's agent is. */
public final class LocalSession implements AgentSession {
    private final Process shell;
    private static final int PIECE = 8_192;

    private final ResponseBuffer buffer =
            new ResponseBuffer(KubeAgentSession.MOST_BYTES, new ByteBudget(KubeAgentSession.MOST_BYTES));
    private int longest;

    /** Starts the shell by that command. */
    public LocalSession(List<String> command) {
        try {
            shell = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::read);
    }

    /** What an agent says that does not have the program. */
    public static AgentException absent() {
        return new ProgramEndedException("there is no such program");
    }

    @Override
    public String run(String text, Pattern end, int expected, Duration deadline)
            throws AgentException, InterruptedException {
        CompletableFuture<String> printed = buffer.expect(end, expected, deadline);
        try {
            OutputStream input = shell.getOutputStream();
            input.write(text.getBytes(StandardCharsets.US_ASCII));
            input.flush();
            String output = printed.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            longest = Math.max(longest, output.length());
            return output;
        } catch (IOException | ExecutionException | TimeoutException e) {
            close();
            throw new AgentException(Reason.of(e), e);
        }
    }

    /** The length of the longest answer so far. */
    public int longest() {
        return longest;
    }

    @Override
    public void done() {
        buffer.drop();
    }

    @Override
    public boolean isOpen() {
        return shell.isAlive();
    }

    @Override
    public void close() {
        shell.destroyForcibly(); // unshare heeds no other signal
    }

    private int printed(byte[] piece) throws IOException {
        return shell.getInputStream().read(piece);
    }

    private void read() {
        try {
            byte[] piece = new byte[PIECE];
            for (int length = printed(piece); length >= 0; length = printed(piece)) {
                var _ = buffer.print(Arrays.copyOf(piece, length));
            }
            buffer.fail(new AgentException("the shell ended"));
        } catch (IOException e) {
            buffer.fail(new AgentException(Reason.of(e), e));
        }
    }
}
