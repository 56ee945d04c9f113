package io.github.kubevxlan.app;

import io.github.kubevxlan.common.util.Shutdown;
import java.util.Map;

/** What one command of the program does. */
@FunctionalInterface
interface Command {
    /**
     * Runs with settings from the environment; may return while its own threads continue.
     *
     * @param shutdown tells when to end
     * @throws Exception that ends the program with status 1; a ConfigException is the user's mistake and ends it with 2
     */
    void run(Map<String, String> env, Shutdown shutdown) throws Exception;
}
