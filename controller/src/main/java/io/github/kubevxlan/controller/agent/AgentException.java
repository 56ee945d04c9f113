package io.github.kubevxlan.controller.agent;

/** An agent did not do what it was asked; the message says why, in words for the pod's owner. */
public final class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
