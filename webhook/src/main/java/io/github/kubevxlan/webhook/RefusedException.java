package io.github.kubevxlan.webhook;

/** The webhook refuses to process a request; the message says why in a sentence. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Refuses with an HTTP status of 400 or more. */
    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
