package io.github.kubevxlan.controller.observe;

/** An agent printed what no agent that is right prints. */
public final class MalformedReportException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A part of its report is not what it should be. */
    public MalformedReportException(String section, String reason) {
        super("the agent's report of " + section + " can't be read: " + reason);
    }

    /** Its answer as a whole is not what it should be. */
    public MalformedReportException(String reason) {
        super("the agent's answer can't be read: " + reason);
    }
}
