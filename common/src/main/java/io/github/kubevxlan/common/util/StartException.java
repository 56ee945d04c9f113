package io.github.kubevxlan.common.util;

/**
 * The program can't start or continue, because something outside of it is missing; the message says what, and why. The
 * process then exits with a status of failure.
 */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
