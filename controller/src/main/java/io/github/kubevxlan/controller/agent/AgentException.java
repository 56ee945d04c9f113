package io.github.kubevxlan.controller.agent;

/** An agent did not do what it was asked; the message says why, in words for the pod's owner. */
public sealed class AgentException extends Exception
        permits BrokenSessionException, BusyException, FencedException, ProgramEndedException, UnreachableException {
    private static final long serialVersionUID = 1L;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
