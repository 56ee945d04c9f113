package io.github.kubevxlan.common.util;

/**
 * The program can't begin, or can't go on, for want of something around it; the message says what, and why. Its process
 * ends with a status of failure.
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
