package io.github.kubevxlan.cli;

import io.github.kubevxlan.cli.command.Vxlan;
import java.util.List;

/** The program {@code vxlan}. Its launcher passes system properties that say whether it prints to a terminal. */
public final class Main {
    private Main() {}

    /** Ends with the command's exit status. */
    public static void main(String[] arguments) {
        int status = Vxlan.run(
                List.of(arguments),
                System.getProperty("vxlan.name", "vxlan"),
                Boolean.getBoolean("vxlan.colours"),
                Boolean.getBoolean("vxlan.progress"));
        System.exit(status); // the client's threads may outlive it
    }
}
