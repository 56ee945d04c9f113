package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.kube.CommandFailure;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VxlanTest {
    private static final String ESCAPE = "\u001b";

    private final StringWriter out = new StringWriter();

    @Test
    void onlyTheCommandsThatMayBeMeantAreSetUp() {
        assertEquals(
                Set.of("ping"), line(false, "ping", "a", "b").getSubcommands().keySet());
        assertEquals(Set.of(), line(false, "--version").getSubcommands().keySet());
        assertTrue(line(false, "--help").getSubcommands().keySet().containsAll(Set.of("list", "doctor", "completion")));
        assertTrue(line(false).getSubcommands().keySet().containsAll(Set.of("list", "doctor", "completion")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "inspect", "capture"})
    void eachNameOfWhatIsLookedAtSetsUpThatAlone(String command) {
        Set<String> networks = Set.of("net", "nets", "network", "networks");
        Set<String> pods = Set.of("pod", "pods");
        Set<String> all = new HashSet<>(networks);
        all.addAll(pods);
        assertEquals(all, under(command, "--help"));

        for (String name : all) {
            assertEquals(networks.contains(name) ? networks : pods, under(command, name), name);
        }
    }

    private Set<String> under(String command, String next) {
        return Objects.requireNonNull(
                        line(false, command, next).getSubcommands().get(command))
                .getSubcommands()
                .keySet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void saysItsVersion(String option) {
        assertEquals(ExitCodes.FINE, line(false, option).execute(option));
        assertTrue(out.toString().startsWith("vxlan"), out::toString);
    }

    @Test
    void helpHasColoursWhereTheyAreWanted() {
        line(true, "--help").execute("--help");
        assertTrue(out.toString().contains(ESCAPE), out::toString);

        out.getBuffer().setLength(0);
        line(false, "--help").execute("--help");
        assertTrue(out.toString().contains("Usage: vxlan"), out::toString);
        assertTrue(!out.toString().contains(ESCAPE), out::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping a b --count 0",
                "ping a b --interval 10001",
                "ui --port 70000",
                "capture pod a -w - --duration 0",
                "list pods --request-timeout -1",
                "inspect pod"
            })
    void aMistakeInTheCommandLineHasAStatusOfItsOwn(String words) {
        String[] arguments = words.split(" ", -1);

        assertEquals(ExitCodes.USAGE, line(false, arguments).execute(arguments), out::toString);
    }

    @Test
    void whatNoCommandExpectsIsOneLineAndNotDone() {
        assertEquals(ExitCodes.NOT_DONE, Vxlan.explain(new IllegalStateException("so\nwhat"), terminal(false)));

        assertEquals(1, out.toString().lines().count(), out::toString);
        assertTrue(
                out.toString()
                        .matches("(?s)vxlan: unexpected, please report it: \\S+IllegalStateException: so what at "
                                + ".*VxlanTest.*"),
                out::toString);
    }

    @Test
    void whatAnAgentSaysMovesNoCursor() {
        assertEquals(
                ExitCodes.NOT_DONE,
                Vxlan.explain(new CommandFailure("it said " + ESCAPE + "[2J\nno"), terminal(false)));

        assertEquals("vxlan: it said ?[2J no" + System.lineSeparator(), out.toString());
    }

    private Terminal terminal(boolean colours) {
        return new Terminal(new PrintWriter(out), new PrintWriter(out), colours, Progress.none());
    }

    private CommandLine line(boolean colours, String... arguments) {
        return Vxlan.commandLine("vxlan", terminal(colours), InputStream.nullInputStream(), List.of(arguments));
    }
}
