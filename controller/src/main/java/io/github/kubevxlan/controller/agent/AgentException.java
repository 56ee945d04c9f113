package io.github.kubevxlan.controller.agent;

import org.jspecify.annotations.Nullable;

/** An agent did not do what it was asked; the message says why, in words for the pod's owner. */
public final class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    public AgentException(String message) {
        super(message);
    }

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The words of the innermost cause, which says what happened where those around it say that something did. */
    public static String reason(@Nullable Throwable failure) {
        Throwable innermost = failure;
        while (innermost != null && innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost == null) {
            return "unknown reason";
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }
}
