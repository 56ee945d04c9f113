package io.github.kubevxlan.controller.agent;

/** The leader's epoch: an agent refuses scripts of an earlier epoch than it has seen. */
public interface Epoch {
    /** The epoch of this leader, which only grows. */
    long current();

    /**
     * An agent says that it refuses a script since it has seen that epoch. What an agent says is no proof of anything:
     * the leader looks whether it still leads, and what it does about it is bounded.
     */
    void refused(long seen);
}
