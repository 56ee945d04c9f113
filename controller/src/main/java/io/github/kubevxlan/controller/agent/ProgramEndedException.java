package io.github.kubevxlan.controller.agent;

/** The program that was started in an agent has ended, or is not there. */
public final class ProgramEndedException extends AgentException {
    private static final long serialVersionUID = 1L;

    ProgramEndedException(String message) {
        super(message);
    }
}
