package io.github.kubevxlan.cli;

import java.util.List;

/** Runs the commands that are used most against an API server in miniature, for Java's ahead-of-time cache. */
final class Training {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("--help"),
            List.of("list", "networks"),
            List.of("list", "pods", "-A", "-o", "json"),
            List.of("list", "pods", "-A", "-o", "wide"),
            List.of("inspect", "network", "vxeth1", "-o", "yaml"),
            List.of("inspect", "pod", "one"),
            List.of("render", "-f", "../examples/gateway.yaml"),
            List.of("convert", "-f", "../examples/gateway.yaml"));

    private Training() {}

    /** Uses the cluster of KUBECONFIG; ends with 1 if a command cannot be done there. */
    public static void main(String[] arguments) {
        boolean failed = COMMANDS.stream().mapToInt(Main::run).anyMatch(status -> status > 1);
        System.exit(failed ? 1 : 0);
    }
}
