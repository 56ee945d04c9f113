package io.github.kubevxlan.controller.observe;

/** An agent printed what its programs never print. */
public final class MalformedReportException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReportException(String section, String reason) {
        super("the agent's report of " + section + " can't be read: " + reason);
    }
}
