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

    /** Runs it to its end on a terminal, with variables as {@code NAME=VALUE}; gives all that the terminal shows. */
    public static String onTerminal(List<String> variables, String... arguments) {
        return Client.run(Stream.of(
                        Stream.of("env", "--unset=NO_COLOR", "TERM=xterm"),
                        variables.stream(),
                        Stream.of("script", "--quiet", "--return", "--command"),
                        Stream.of(String.join(" ", command(arguments)), "/dev/null"))
                .flatMap(parts -> parts)
                .toArray(String[]::new));
    }

    /** Begins what goes on until it is told to end. */
    public static Process begin(String... arguments) {
        try {
            // A shell has what it runs in the background ignore Ctrl-C, and whatever that runs too.
            return TestedLab.process(
                            Stream.concat(Stream.of("env", "--default-signal=INT"), command(arguments).stream())
                                    .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does what Ctrl-C does. */
    public static void interrupt(Process begun) {
        Client.run("kill", "-INT", Long.toString(begun.pid()));
    }

    private static List<String> command(String... arguments) {
        String program =
                Client.repository().resolve("cli/target/vxlan/bin/vxlan").toString();
        return Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    }

    /** The items of what a command prints with {@code -o json}, whatever its exit status. */
    public static JsonNode items(String... arguments) {
        Client.Ended ended = run(arguments);
        try {
            return JSON.readTree(ended.result()).path("items");
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + ended.output(), e);
        }
    }
}
