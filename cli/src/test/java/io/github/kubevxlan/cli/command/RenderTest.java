package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderTest {
    private static final String POD = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {vxlan.travelping.com: "true"}
          annotations: {vxlan.travelping.com/networks: "NETWORKS"}
        spec: {containers: [{name: app}]}
        """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"vxeth0, 0, note", "nowhere, 1, warning", "vxeth0 up=maybe, 2, refused"})
    void theExitStatusSaysWhetherThePodsAreLetIn(String networks, int status, String word) {
        assertEquals(status, run(POD.replace("NETWORKS", networks), "-f", "-"));
        assertEquals(status == ExitCodes.BROKEN, out.toString().isEmpty());
        assertTrue(err.toString().startsWith(word + ": "), err::toString);
    }

    @Test
    void filesAndStandardInputAreReadTogether() throws IOException {
        Path networks = Files.writeString(directory.resolve("networks.yaml"), """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: kube-vxlan-controller}, data: {blue: "7"}}
            """);

        assertEquals(0, run(POD.replace("NETWORKS", "blue"), "-f", "-", "--networks", networks.toString()));
        assertEquals("", err.toString());
        assertTrue(!out.toString().contains("ConfigMap"), out::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-f nowhere.yaml | 3 | vxlan: cannot read nowhere.yaml: there is no such file",
                "-f / | 3 | vxlan: cannot read /: Is a directory",
                "-f - | 3 | vxlan: standard input: found nothing, allowed: Kubernetes objects as YAML or JSON",
                "-f - --networks - | 64 | vxlan: standard input can be read once: only one of -f and --networks may be"
                        + " -",
                "-f ../examples/gateway.yaml --set KUBEVXLAN_X=1 | 64 | vxlan: KUBEVXLAN_X: is not a setting; known:",
                "'' | 64 | vxlan: Missing required option: '--filename=FILE'",
            })
    void whatCannotBeDoneIsToldInALine(String arguments, int status, String line) {
        assertEquals(status, run("", arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertTrue(err.toString().startsWith(line), err::toString);
        assertTrue(err.toString().lines().count() <= 2, err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void whatIsNoTextAndWhatIsTooLongIsTold() throws IOException {
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', (byte) 0xff});
        Path large = Files.write(directory.resolve("large"), new byte[10 * 1024 * 1024 + 1]);

        assertEquals(ExitCodes.NOT_DONE, run("", "-f", binary.toString()));
        assertEquals(ExitCodes.NOT_DONE, run("", "-f", large.toString()));
        assertEquals(
                "vxlan: " + binary + ": found no UTF-8, allowed: YAML or JSON in UTF-8\nvxlan: " + large
                        + ": found more, allowed: 10485760 bytes\n",
                err.toString());
    }

    @Test
    void remarksCannotMoveTheTerminalsCursor() {
        run(POD.replace("name: a\n", "name: \"a\\e[2J\\nb\"\n").replace("NETWORKS", "nowhere"), "-f", "-");

        assertTrue(err.toString().contains("Pod default/a?[2J b: network nowhere"), err::toString);
    }

    @Test
    void theExamplesAreLetIn() {
        assertEquals(0, run("", "-f", "../examples/gateway.yaml", "-f", "../examples/deployment.yaml"));
    }

    @Test
    void anOlderPodIsConvertedFromWhateverPrefixItHad() {
        String pod = POD.replace("vxlan.travelping.com", "vxlan.example.com").replace("NETWORKS", "vxeth0 colour=red");

        assertEquals(ExitCodes.AMISS, runCommand("convert", pod, "-f", "-", "--from", "vxlan.example.com"));
        assertTrue(out.toString().contains("vxlan.travelping.com/networks: vxeth0\n"), out::toString);
        assertTrue(!out.toString().contains("vxlan-controller-agent"), out::toString);
    }

    private int run(String stdin, String... arguments) {
        return runCommand("render", stdin, arguments);
    }

    private int runCommand(String command, String stdin, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, Progress.none());
        InputStream input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        return Vxlan.commandLine("vxlan", terminal, input, List.of(all)).execute(all);
    }
}
