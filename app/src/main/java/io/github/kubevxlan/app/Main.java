package io.github.kubevxlan.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The program: its first argument names what it is to be. */
public final class Main {
    private Main() {}

    /** Ends with 2 for a mistake in arguments or settings, with 1 for any other failure. */
    public static void main(String[] arguments) throws Exception {
        Commands commands = new Commands(new TreeMap<>(Map.of()));
        int status = commands.run(List.of(arguments), System.getenv(), System.err);
        if (status != 0) {
            System.exit(status);
        }
    }
}
