package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each shell, which must be installed, reads its script, and is asked for what it offers. */
class CompletionTest {
    /** As bash calls what `complete` names; it has no `compopt` unless somebody types. */
    private static final String BASH = """
        . "$1"; shift
        compopt() { :; }
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        set -- $(complete -p vxlan)
        while [ "$1" != -F ]; do shift; done
        "$2"
        printf '%s\\n' "${COMPREPLY[@]}"
        """;

    /** As zsh calls what it has for bash's `complete`; what does not begin as the word does, it leaves out itself. */
    private static final String ZSH = """
        autoload -U compinit && compinit -D
        . "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        words=("$@") CURRENT=$#
        set -- ${=_comps[vxlan]}
        offered=("${(@f)$(compgen "${@:2}" -- "$words[CURRENT]")}")
        print -l -- ${(M)offered:#$words[CURRENT]*}
        """;

    private static final String FISH = """
        source $argv[1]
        complete --do-complete (string join ' ' -- $argv[2..])
        """;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource
    void commandsAreCompleted(Completion.Shell shell) throws IOException, InterruptedException {
        assertEquals(Set.of("list"), offered(shell, "vxlan", "li"));
        assertEquals(Set.of("render"), offered(shell, "vxlan", "re"));
        assertEquals(Set.of("net", "nets", "network", "networks"), offered(shell, "vxlan", "inspect", "net"));
    }

    @ParameterizedTest
    @EnumSource
    void anOptionIsCompletedBehindTheCommandThatHasIt(Completion.Shell shell) throws IOException, InterruptedException {
        assertEquals(Set.of("--write"), offered(shell, "vxlan", "capture", "network", "--wr"));
        assertEquals(Set.of(), offered(shell, "vxlan", "inspect", "network", "--wr"));
        assertEquals(Set.of("--output"), offered(shell, "vxlan", "inspect", "network", "--outp"));
    }

    @Test
    void fishCompletesACommandThatIsCalledByItsPath() throws IOException, InterruptedException {
        Path program = Files.createFile(
                folder.resolve("vxlan"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertEquals(Set.of("list"), offered(Completion.Shell.fish, program.toString(), "li"));
    }

    private Set<String> offered(Completion.Shell shell, String... words) throws IOException, InterruptedException {
        List<String> start = switch (shell) {
            case bash -> List.of("bash", "--norc", "-c", BASH, "bash");
            case zsh -> List.of("zsh", "-f", "-c", ZSH, "zsh");
            case fish -> List.of("fish", "--no-config", "--command", FISH);
        };
        Path script = Files.writeString(folder.resolve(shell.name()), script(shell));
        Ended ended = run(Stream.of(start.stream(), Stream.of(script.toString()), Stream.of(words))
                .flatMap(parts -> parts)
                .toList());
        assertEquals("", ended.errors());
        return ended.result()
                .lines()
                .map(line -> line.split("\t", 2)[0].strip()) // fish adds a description
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String script(Completion.Shell shell) {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(out), false, Progress.none());
        List<String> arguments = List.of("completion", shell.name());
        assertEquals(
                ExitCodes.FINE,
                Vxlan.commandLine("vxlan", terminal, InputStream.nullInputStream(), arguments)
                        .execute(arguments.toArray(String[]::new)));
        return out.toString();
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return new Ended(result, Files.readString(errors));
    }

    private record Ended(String result, String errors) {}
}
