package io.github.kubevxlan.controller.agent;

/** An agent does as much of this as it may do at once, and will have room again. */
public final class BusyException extends AgentException {
    private static final long serialVersionUID = 1L;

    /** Takes the agent's words. */
    public BusyException(String message) {
        super(message);
    }
}
