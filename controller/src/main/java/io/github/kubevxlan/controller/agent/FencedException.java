package io.github.kubevxlan.controller.agent;

/** An agent has seen a later controller, or a later session of this one, and did nothing. */
public final class FencedException extends AgentException {
    private static final long serialVersionUID = 1L;

    private final long epoch;

    /** Takes the epoch that the agent has seen; 0 if it told of none that a leader can have. */
    public FencedException(long epoch) {
        super("the agent already obeys a later controller");
        this.epoch = epoch;
    }

    /** The epoch that the agent has seen; 0 if it told of none that a leader can have. */
    public long epoch() {
        return epoch;
    }
}
