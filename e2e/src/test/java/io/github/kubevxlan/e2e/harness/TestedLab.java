package io.github.kubevxlan.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The lab that this JVM tests: that of the environment or, where {@code e2e.labs} names several by their numbers with commas
 * between, the one for this JVM among those that test at the same time ({@code e2e.fork}, {@code fork 1} and so on).
 */
final class TestedLab {
    private static final Pattern EXPORT = Pattern.compile("export (LAB|KUBECONFIG)=(.*)");
    private static final Map<String, String> VARIABLES = variables();

    private TestedLab() {}

    /** A program that finds this lab, in the repository's folder. */
    static ProcessBuilder process(List<String> command) {
        ProcessBuilder process =
                new ProcessBuilder(command).directory(Client.repository().toFile());
        process.environment().putAll(VARIABLES);
        return process;
    }

    /** The path of the lab's kubeconfig, if there is a lab. */
    static Optional<String> kubeconfig() {
        return Optional.ofNullable(VARIABLES.getOrDefault("KUBECONFIG", System.getenv("KUBECONFIG")));
    }

    /** A file or folder among build results that no other JVM writes, which may test another lab meanwhile. */
    static Path result(String name) {
        String lab = VARIABLES.get("LAB");
        return Path.of("target", lab == null ? name : "lab-" + lab + "." + name).toAbsolutePath();
    }

    private static int fork() {
        return Integer.parseInt(System.getProperty("e2e.fork", "fork 1").substring("fork ".length()));
    }

    private static Map<String, String> variables() {
        String labs = System.getProperty("e2e.labs", "");
        if (labs.isEmpty()) {
            return Map.of();
        }
        ProcessBuilder command =
                new ProcessBuilder("lab/env").directory(Client.repository().toFile());
        command.environment().put("LAB", labs.split(",", -1)[fork() - 1]);
        try {
            Process process = command.start();
            Map<String, String> variables = new HashMap<>();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(EXPORT::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> variables.put(line.group(1), line.group(2)));
            return Map.copyOf(variables);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
