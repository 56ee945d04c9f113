package io.github.kubevxlan.controller.agent;

/** Nothing came back from an agent in time, or there was no way to it. */
public final class UnreachableException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final Suspect suspect;

    /** What may be at fault. */
    public enum Suspect {
        /** The agent's node, its kubelet or the way there from the API server. */
        NODE,
        /** The API server, or the way to it: that says nothing of the agent and its node. */
        API_SERVER
    }

    public UnreachableException(Suspect suspect, String message) {
        super(message);
        this.suspect = suspect;
    }

    public UnreachableException(Suspect suspect, String message, Throwable cause) {
        super(message, cause);
        this.suspect = suspect;
    }

    /** What may be at fault. */
    public Suspect suspect() {
        return suspect;
    }
}
