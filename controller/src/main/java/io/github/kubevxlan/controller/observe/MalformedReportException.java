package io.github.kubevxlan.controller.observe;

/** An agent printed something that a correct agent does not print. */
public final class MalformedReportException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A part of the report is malformed. */
    public MalformedReportException(String section, String reason) {
        super("the agent's report of " + section + " can't be read: " + reason);
    }

    /** The answer as a whole is malformed. */
    public MalformedReportException(String reason) {
        super("the agent's answer can't be read: " + reason);
    }
}
