package io.github.kubevxlan.controller.agent;

import java.time.Duration;
import java.util.regex.Pattern;

/** One program that runs in an agent and answers; used by one thread at a time. */
public interface AgentSession extends AutoCloseable {
    /**
     * Sends a text, and gives what is printed before the first match of an answer's end; see {@link Exchange}. Waits first
     * until the byte budget holds the answer, at most as long as the deadline is; the deadline of the answer begins after
     * that, since an agent that was not asked yet is not late.
     *
     * @param expected how many bytes an agent that is right prints at most; one that prints more may be given up
     * @param deadline of the answer, from when the text is sent
     * @throws AgentException if the session broke, the deadline passed or too much was printed; it is of no use then;
     *     {@link ProgramEndedException} if the program has ended. If the budget did not hold the answer in time, nothing was
     *     sent, and the session is as good as before
     */
    String run(String text, Pattern end, int expected, Duration deadline) throws AgentException, InterruptedException;

    /** What was printed last has been read: it counts no more with what may be printed at once. */
    void done();

    /** Whether it can take another text. */
    boolean isOpen();

    /** Ends the program; no error, also when called again. */
    @Override
    void close();
}
