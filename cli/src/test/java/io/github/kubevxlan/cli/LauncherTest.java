package io.github.kubevxlan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher {@code bin/vxlan}, with a Java that prints the version a test gives it. */
class LauncherTest {
    private static final String JAVA = """
        #!/bin/sh
        [ "$1" = -version ] && echo 'openjdk version "VERSION" 2026-01-01' >&2 && exit
        for argument; do
            case $argument in *.jar | @*) argument=${argument##*/} ;; -XX:AOTCache=*) argument=cache ;; esac
            printf '%s ' "${argument#-Dvxlan.}"
        done
        """;

    @TempDir
    private Path home = Path.of("");

    @BeforeEach
    void install() throws IOException {
        program("bin/vxlan", Files.readString(Path.of("vxlan")));
    }

    @ParameterizedTest
    @CsvSource({
        "on a terminal,                       TERM=xterm,            true,  true",
        "on a terminal that has none,         TERM=dumb,             false, true",
        "on a terminal for who wants none,    TERM=xterm NO_COLOR=1, false, true",
        "with an empty variable,              TERM=xterm NO_COLOR=,  true,  true",
        "into a pipe,                         TERM=xterm,            false, true",
        "into files,                          TERM=xterm,            false, false",
    })
    void coloursAndProgressAreForTerminals(String where, String environment, boolean colours, boolean progress)
            throws IOException, InterruptedException {
        program("runtime/bin/java", JAVA);
        String command = "env " + environment + " " + home.resolve("bin/vxlan") + " list";
        String typed = switch (where) {
            case "into a pipe" -> onTerminal(command + " | cat");
            case "into files" -> command;
            default -> onTerminal(command);
        };

        assertEquals(
                "jvm.options cache name=vxlan colours=%s progress=%s -jar vxlan.jar list".formatted(colours, progress),
                run(typed, Map.of()).output());
    }

    @Test
    void calledByKubectlItSaysSo() throws IOException, InterruptedException {
        program("runtime/bin/java", JAVA);
        Files.createSymbolicLink(home.resolve("kubectl-vxlan"), home.resolve("bin/vxlan"));

        assertEquals(
                "jvm.options cache name=kubectl vxlan colours=false progress=false -jar vxlan.jar ping a b",
                run(home.resolve("kubectl-vxlan") + " ping a b", Map.of()).output());
    }

    @ParameterizedTest
    @CsvSource({"25", "25.0.3", "26-ea", "100.1"})
    void withoutARuntimeBesideItTakesThatOfTheMachine(String version) throws IOException, InterruptedException {
        program("jdk/bin/java", JAVA.replace("VERSION", version));
        String said = "jvm.options name=vxlan colours=false progress=false -jar vxlan.jar list";

        Path jdk = home.resolve("jdk");
        assertEquals(
                said,
                run(home.resolve("bin/vxlan") + " list", Map.of("JAVA_HOME", jdk.toString()))
                        .output());
        String path = jdk.resolve("bin") + ":" + System.getenv("PATH");
        assertEquals(
                said,
                run("unset JAVA_HOME; " + home.resolve("bin/vxlan") + " list", Map.of("PATH", path))
                        .output());
    }

    @ParameterizedTest
    @CsvSource({"24.0.2", "17.0.15", "1.8.0_392"})
    void anOlderJavaIsToldFromAMissingOne(String version) throws IOException, InterruptedException {
        Path java = home.resolve("jdk/bin/java");
        Map<String, String> environment =
                Map.of("JAVA_HOME", home.resolve("jdk").toString());
        String words = "vxlan: needs Java 25 or later; found %s at " + java + ": set JAVA_HOME";

        assertEquals(
                new Ended(3, words.formatted("none")),
                run(home.resolve("bin/vxlan").toString(), environment));
        program("jdk/bin/java", JAVA.replace("VERSION", version));
        assertEquals(
                new Ended(3, words.formatted(version)),
                run(home.resolve("bin/vxlan").toString(), environment));
    }

    /** Runs a command on a terminal of its own; its output is the caller's. */
    private static String onTerminal(String command) {
        return "script --quiet --return --command '" + command + "' /dev/null";
    }

    private void program(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Ended run(String command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output.strip());
    }

    private record Ended(int status, String output) {}
}
