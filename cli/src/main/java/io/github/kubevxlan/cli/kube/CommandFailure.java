package io.github.kubevxlan.cli.kube;

/** A command cannot do its work; the message tells the user why, and the remedy. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes a sentence for the user. */
    public CommandFailure(String message) {
        super(message);
    }

    /** Takes a sentence for the user, and what led to it. */
    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
