package io.github.kubevxlan.controller.agent;

/**
 * The connection of a session is gone, by no doing of the agent: its node's kubelet or the API server was restarted, or
 * something on the way forgot a connection that carried nothing for long.
 */
public final class BrokenSessionException extends AgentException {
    private static final long serialVersionUID = 1L;

    public BrokenSessionException(String message) {
        super(message);
    }

    public BrokenSessionException(String message, Throwable cause) {
        super(message, cause);
    }
}
