package io.github.kubevxlan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process of its own, with a cluster that does not answer. */
final class MainTest {
    private static final Map<String, String> ANY_PORT = Map.of(
            "KUBEVXLAN_AGENT_IMAGE",
            "a",
            "KUBEVXLAN_AGENT_MODE",
            "native",
            "KUBEVXLAN_PORT",
            "0",
            "KUBEVXLAN_ADMIN_PORT",
            "0");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void theWebhookEndsWellWhenItIsToldTo() throws Exception {
        assertEquals(0, endedOnceItSays("Webhook serves", start("webhook", ANY_PORT)));
    }

    @Test
    void theVersionIsOneLineOnStandardOutput() throws Exception {
        Process process = start("--version", Map.of());
        assertEquals(
                List.of("kube-vxlan-controller of no release"),
                process.inputReader().lines().toList());
        assertEquals(0, process.waitFor());
    }

    @Test
    void theControllerEndsWellWhenItIsToldTo() throws Exception {
        Process process = start("controller", Map.of("KUBEVXLAN_ADMIN_PORT", "0", "KUBEVXLAN_PAGE_PORT", "0"));
        assertEquals(0, endedOnceItSays("controller serves the live page", process));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KUBEVXLAN_PORT", "KUBEVXLAN_ADMIN_PORT"})
    void aTakenPortIsOneLineOfTheWebhook(String setting) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            Process process = start("webhook", with(ANY_PORT, Map.of(setting, port)));
            List<String> said = process.errorReader().lines().toList();
            assertEquals(1, process.waitFor(), said::toString);
            assertEquals(1, said.size(), said::toString);
            assertTrue(
                    said.getFirst().startsWith("kube-vxlan-controller webhook: port " + port + " for "),
                    said::toString);
        }
    }

    @Test
    void anApiServerThatIsAwayIsOneLineOfAWebhookThatAsksItsVersion() throws Exception {
        Process process = start(
                "webhook",
                with(ANY_PORT, Map.of("KUBEVXLAN_AGENT_MODE", "auto", "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT", "0")));
        List<String> said = process.errorReader().lines().toList();
        assertEquals(1, process.waitFor(), said::toString);
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.getFirst().contains("can't read the API server's version"), said::toString);
    }

    @Test
    void aBrokenKubeconfigIsOneLineOfTheWebhook() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken"), "a: [b");
        Process process = start("webhook", with(ANY_PORT, Map.of("KUBECONFIG", broken.toString())));
        List<String> said = process.errorReader().lines().toList();
        assertEquals(1, process.waitFor(), said::toString);
        assertEquals(1, said.size(), said::toString);
    }

    private static int endedOnceItSays(String words, Process process) throws Exception {
        try (BufferedReader out = process.inputReader()) {
            List<String> said =
                    out.lines().takeWhile(line -> !line.contains(words)).collect(Collectors.toList());
            assertTrue(process.isAlive(), () -> "ended, and said " + said);
            process.toHandle().destroy(); // leaves its streams open
            out.lines().forEach(said::add);
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String command, Map<String, String> settings) throws IOException {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
            {"apiVersion": "v1", "kind": "Config", "current-context": "c",
             "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
             "users": [{"name": "u", "user": {}}]}
            """);
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                command);
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().putAll(settings);
        return builder.start();
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        return Stream.of(some, others)
                .flatMap(map -> map.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (_, last) -> last));
    }
}
