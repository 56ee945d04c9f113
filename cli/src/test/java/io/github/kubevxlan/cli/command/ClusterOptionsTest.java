package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterOptionsTest {
    private static final String KUBECONFIG = """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: here}}]
        users: [{name: here, user: {}}]
        clusters: [{name: here, cluster: {server: "https://localhost:1", certificate-authority: AUTHORITY}}]
        """;

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void forget() {
        System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    }

    @Test
    void aKubeconfigThatIsNotThereIsTold() {
        Path nowhere = folder.resolve("nowhere");

        assertEquals("vxlan: cannot read the kubeconfig " + nowhere + "\n", failure(nowhere));
    }

    @Test
    void aCertificateThatIsNotThereIsTold() throws IOException {
        Path nowhere = folder.resolve("nowhere.crt");
        Path kubeconfig =
                Files.writeString(folder.resolve("config"), KUBECONFIG.replace("AUTHORITY", nowhere.toString()));

        assertEquals("vxlan: cannot use the certificates of the kubeconfig: " + nowhere + "\n", failure(kubeconfig));
    }

    private String failure(Path kubeconfig) {
        List<String> arguments = List.of("list", "networks", "--kubeconfig", kubeconfig.toString());
        Terminal terminal = new Terminal(new PrintWriter(err), new PrintWriter(err), false, Progress.none());
        assertEquals(
                ExitCodes.NOT_DONE,
                Vxlan.commandLine("vxlan", terminal, InputStream.nullInputStream(), arguments)
                        .execute(arguments.toArray(String[]::new)));
        return err.toString();
    }
}
