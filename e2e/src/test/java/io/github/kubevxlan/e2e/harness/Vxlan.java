package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command {@code vxlan} as {@code make cli} leaves it, run as a user runs it. */
public final class Vxlan {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vxlan() {}

    /** Runs it to its end; gives its exit status and all that it prints. */
    public static Client.Ended run(String... arguments) {
        return Client.runAnyhow(command(arguments).toArray(String[]::new));
    }

    /** Runs it to its end with what it prints in a file; gives its exit status and the rest, its errors. */
    public static Client.Ended run(Path out, String... arguments) {
        return Client.runInto(out, command(arguments).toArray(String[]::new));
    }

    /** Begins what goes on until it is told to end. */
    public static Process begin(String... arguments) {
        try {
            return TestedLab.process(command(arguments))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String... arguments) {
        String program =
                Client.repository().resolve("cli/target/vxlan/bin/vxlan").toString();
        return Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    }

    /** The items of what a command prints with {@code -o json}, whatever its exit status. */
    public static JsonNode items(String... arguments) {
        String output = run(arguments).output();
        try {
            return JSON.readTree(output).path("items");
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + output, e);
        }
    }
}
