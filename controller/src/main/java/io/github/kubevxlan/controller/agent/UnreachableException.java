package io.github.kubevxlan.controller.agent;

/** Nothing came back from an agent in time, or there was no way to it. */
public final class UnreachableException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final Hop hop;

    /** Where the way to the agent may end. */
    public enum Hop {
        /** The agent's node, its kubelet or the way there from the API server. */
        NODE,
        /** The API server, or the way to it: that says nothing of the agent and its node. */
        API_SERVER
    }

    public UnreachableException(Hop hop, String message) {
        super(message);
        this.hop = hop;
    }

    public UnreachableException(Hop hop, String message, Throwable cause) {
        super(message, cause);
        this.hop = hop;
    }

    /** Where the way to the agent may end. */
    public Hop hop() {
        return hop;
    }
}
