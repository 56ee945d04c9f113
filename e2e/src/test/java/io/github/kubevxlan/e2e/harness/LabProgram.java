package io.github.kubevxlan.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program of the lab that says one line when it serves, and runs until its standard input ends. */
final class LabProgram implements AutoCloseable {
    private final Process process;
    private final String ready;

    private LabProgram(Process process, String ready) {
        this.process = process;
        this.ready = ready;
    }

    /**
     * Starts it and waits until it serves. Its log is in {@code target/NAME.log}, or that of the lab.
     *
     * @param name its file in the folder {@code lab}
     * @throws AssertionError if it ends before it serves
     */
    static LabProgram start(String name, String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("lab/" + name), Stream.of(arguments)).toList();
        Path log = TestedLab.result(name + ".log");
        try {
            Process process =
                    TestedLab.process(command).redirectError(log.toFile()).start();
            String ready = process.inputReader().readLine();
            if (ready == null) {
                throw new AssertionError(name + " does not start, see " + log);
            }
            return new LabProgram(process, ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line that it said. */
    String ready() {
        return ready;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
