package io.github.kubevxlan.e2e.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The command-line clients that users have, from PATH: kubectl and helm. */
public final class Client {
    private Client() {}

    /**
     * Runs a client to its end in the repository's folder; gives its output, errors included.
     *
     * @throws AssertionError if it is not there or its exit status is not 0
     */
    public static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(repository().toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("%s: status %d: %s".formatted(List.of(command), status, output));
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError("can't run " + List.of(command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The repository's top folder. */
    public static Path repository() {
        return Path.of(System.getProperty("e2e.repository", ".."))
                .toAbsolutePath()
                .normalize();
    }
}
