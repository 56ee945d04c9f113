package io.github.kubevxlan.controller.agent;

import java.time.Duration;

/** One open shell in an agent; used by one thread at a time. */
public interface AgentSession extends AutoCloseable {
    /**
     * Sends text that ends by printing {@code @nonce end STATUS}, and gives what was printed before that line.
     *
     * @throws AgentException if the session broke, the deadline passed or too much was printed; it is of no use then
     */
    String run(String text, String nonce, Duration deadline) throws AgentException, InterruptedException;

    /** What was printed last has been read: it counts no more with what may be printed at once. */
    void done();

    /** Whether it can take another text. */
    boolean isOpen();

    /** Ends the shell; no error, also when called again. */
    @Override
    void close();
}
