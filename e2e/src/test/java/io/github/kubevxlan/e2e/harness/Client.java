package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The command-line clients that users have, from PATH: kubectl and helm. */
public final class Client {
    private Client() {}

    /**
     * What the API server says to an object that a user hands in by kubectl.
     *
     * @param warnings in the order in which they came
     * @param text all that kubectl prints
     */
    public record Response(boolean accepted, List<String> warnings, String text) {}

    /**
     * A client that has ended.
     *
     * @param status its exit status
     * @param result what it printed on its standard output: what a program would read
     * @param errors what it printed on its standard error, warnings among it
     */
    public record Ended(int status, String result, String errors) {
        /** All that it printed. */
        public String output() {
            return result + errors;
        }
    }

    /**
     * Runs a client to its end in the repository's folder; gives what it printed, without warnings on its standard error.
     *
     * @throws AssertionError with all that it printed if it is not there or its exit status is not 0
     */
    public static String run(String... command) {
        Ended ended = runAnyhow(command);
        if (ended.status() != 0) {
            throw new AssertionError("%s: status %d: %s".formatted(List.of(command), ended.status(), ended.output()));
        }
        return ended.result();
    }

    /** Hands an object in, {@code kubectl create --dry-run=server}, by a file in that folder. */
    public static Response dryRun(HasMetadata object, String namespace, Path folder) {
        Path file = folder.resolve("object.yaml");
        try {
            Files.writeString(file, Serialization.asYaml(object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Ended ended = runAnyhow(
                "kubectl", "create", "--namespace", namespace, "--dry-run=server", "--filename", file.toString());
        String mark = "Warning: ";
        List<String> warnings = ended.output()
                .lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .toList();
        return new Response(ended.status() == 0, warnings, ended.output());
    }

    static Ended runAnyhow(String... command) {
        return end(TestedLab.process(List.of(command)));
    }

    /** What it prints goes to a file, but for its errors. */
    static Ended runInto(Path out, String... command) {
        return end(TestedLab.process(List.of(command)).redirectOutput(out.toFile()));
    }

    private static Ended end(ProcessBuilder command) {
        try {
            Process process = command.start();
            process.getOutputStream().close();
            FutureTask<String> errors = new FutureTask<>(() -> read(process.getErrorStream()));
            Thread.ofVirtual().start(errors);
            String result = read(process.getInputStream());
            return new Ended(process.waitFor(), result, errors.get());
        } catch (IOException | ExecutionException e) {
            throw new AssertionError("can't run " + command.command() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String read(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The repository's top folder. */
    public static Path repository() {
        return Path.of(System.getProperty("e2e.repository", ".."))
                .toAbsolutePath()
                .normalize();
    }
}
