package io.github.kubevxlan.app;

import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.Shutdown;
import io.github.kubevxlan.common.util.StartException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The commands by their names; explains mistakes in a command line or in settings without a stack trace. */
record Commands(SortedMap<String, Command> byName) {
    static final int FAILURE = 1;
    static final int USER_MISTAKE = 2;

    /**
     * Runs the one command that the arguments name.
     *
     * @return the exit status: 0, or explained on {@code err}, 2 for a mistake in arguments or settings, 1 if something
     *     around the program is missing
     * @throws Exception as the command throws it
     */
    int run(List<String> arguments, Map<String, String> env, Shutdown shutdown, PrintStream err) throws Exception {
        String name = arguments.size() == 1 ? arguments.getFirst() : "";
        Command command = byName.get(name);
        if (command == null) {
            err.println("kube-vxlan-controller: found arguments " + arguments + ", allowed: one of "
                    + String.join(", ", byName.keySet()));
            return USER_MISTAKE;
        }
        try {
            command.run(env, shutdown);
            return 0;
        } catch (ConfigException e) {
            err.println("kube-vxlan-controller " + name + ": settings in the environment:");
            err.println("  " + String.valueOf(e.getMessage()).replace("\n", "\n  "));
            return USER_MISTAKE;
        } catch (StartException e) {
            err.println("kube-vxlan-controller " + name + ": " + e.getMessage());
            return FAILURE;
        }
    }
}
