package io.github.kubevxlan.cli;

import io.github.kubevxlan.cli.command.Vxlan;
import java.util.List;

/** The program {@code vxlan}. Its launcher passes system properties that say whether it prints to a terminal. */
public final class Main {
    private Main() {}

    /** Ends with the command's exit status. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments))); // the client's threads may outlive it
    }

    /** Runs one command as the launcher says; gives its exit status. */
    static int run(List<String> arguments) {
        return Vxlan.run(
                arguments,
                System.getProperty("vxlan.name", "vxlan"),
                Boolean.getBoolean("vxlan.colours"),
                Boolean.getBoolean("vxlan.progress"));
    }
}
