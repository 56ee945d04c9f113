package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.List;
import java.util.Optional;

/** A way to speak with agents. */
public interface Dialect {
    /** The program in the agent's container that speaks it, by its full path or as PATH has it, and its arguments. */
    List<String> command();

    /** The first exchange of a session. */
    Exchange<Greeting> greeting(String nonce);

    /**
     * Does a script.
     *
     * @param nonce 16 hexadecimal digits that no agent can foresee
     */
    Exchange<ObservedPod> run(Script script, FencingToken token, String nonce);

    /** How it measures paths; empty if it does not. */
    default Optional<PathDialect> paths() {
        return Optional.empty();
    }
}
