package io.github.kubevxlan.app;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs commands in one process until SIGTERM, so that Java records the classes that they need and how they use
 * them. images/controller/stage makes the image's ahead-of-time caches (JEP 483, 514, 515), one from a run of each
 * command. No user calls this.
 */
final class Training {
    private Training() {}

    /**
     * Runs the commands named as {@code COMMAND SETTING=VALUE …}, one an argument, until SIGTERM.
     *
     * @param arguments such as {@code "webhook KUBEVXLAN_PORT=8443 KUBEVXLAN_AGENT_IMAGE=agent"}
     */
    static void main(String[] arguments) {
        for (String argument : arguments) {
            List<String> words = List.of(argument.split(" "));
            Map<String, String> env = words.stream()
                    .skip(1)
                    .map(word -> word.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            Thread.ofPlatform().name(words.getFirst()).start(() -> run(words.getFirst(), env));
        }
    }

    /** Runs a task beside the other command and before Java writes its record; neither may halt the process. */
    private static void atExit(Runnable task) {
        Runtime.getRuntime().addShutdownHook(new Thread(task));
    }

    private static void run(String command, Map<String, String> env) {
        try {
            if (Main.COMMANDS.run(List.of(command), env, Training::atExit, System.err) != 0) {
                System.exit(1);
            }
        } catch (Exception e) {
            throw new IllegalStateException(command + " failed", e);
        }
    }
}
