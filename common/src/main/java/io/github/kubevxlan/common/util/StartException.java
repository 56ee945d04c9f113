package io.github.kubevxlan.common.util;

/** The program can't begin for want of something around it; the message says what, and why. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
