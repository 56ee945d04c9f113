package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.observe.MalformedReportException;
import java.util.regex.Pattern;

/**
 * What is written to an agent, and how its answer is read.
 *
 * @param text in ASCII
 * @param end what the answer ends with: the first match in what is printed, with a line end put before it
 * @param expected how many bytes an agent that is right prints at most
 * @param reader of what was printed before the match, a character for each byte
 */
public record Exchange<T>(String text, Pattern end, int expected, Reader<T> reader) {
    /** Reads an answer. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads what was printed.
         *
         * @throws AgentException if the agent refused, {@link FencedException} where a later controller was there before
         * @throws MalformedReportException if it is not what an agent prints
         */
        T read(String printed) throws AgentException, MalformedReportException;
    }
}
