package io.github.kubevxlan.controller.reconcile;

/** The API server did not say which pods there are; the message says why. */
public final class PodReadException extends Exception {
    private static final long serialVersionUID = 1L;

    public PodReadException(String message) {
        super(message);
    }

    public PodReadException(String message, Throwable cause) {
        super(message, cause);
    }
}
