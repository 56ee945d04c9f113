package io.github.kubevxlan.controller.agent;

/** Nothing came back from an agent in time, or there was no way to it: its node or the API server may be at fault. */
public final class UnreachableException extends AgentException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message) {
        super(message);
    }

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
