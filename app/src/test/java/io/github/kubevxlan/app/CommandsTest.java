package io.github.kubevxlan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.StartException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandsTest {
    private final List<Map<String, String>> seen = new ArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theNamedCommandGetsTheEnvironment() throws Exception {
        assertEquals(0, run("fine"));
        assertEquals(List.of(Map.of("A", "b")), seen);
        assertEquals("", said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Fine", "fine fine", "fine --help"})
    void anythingElseIsAnsweredWithTheCommandsThereAre(String line) throws Exception {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertEquals(
                "kube-vxlan-controller: found arguments [%s], allowed: one of blocked, fine, misconfigured\n"
                        .formatted(line.replace(" ", ", ")),
                said());
        assertEquals(List.of(), seen);
    }

    @Test
    void wrongSettingsAreListedOneByOne() throws Exception {
        assertEquals(2, run("misconfigured"));
        assertEquals(
                "kube-vxlan-controller misconfigured: settings in the environment:\n  A: bad\n  B: worse\n", said());
    }

    @Test
    void whatIsMissingAroundItIsOneLine() throws Exception {
        assertEquals(1, run("blocked"));
        assertEquals("kube-vxlan-controller blocked: port 8081 is taken\n", said());
    }

    private int run(String... arguments) throws Exception {
        Command misconfigured = (_, _) -> {
            throw new ConfigException(List.of("A: bad", "B: worse"));
        };
        Command blocked = (_, _) -> {
            throw new StartException("port 8081 is taken", new IOException());
        };
        Commands commands = new Commands(new TreeMap<>(
                Map.of("fine", (env, _) -> seen.add(env), "misconfigured", misconfigured, "blocked", blocked)));
        return commands.run(
                List.of(arguments), Map.of("A", "b"), _ -> {}, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
