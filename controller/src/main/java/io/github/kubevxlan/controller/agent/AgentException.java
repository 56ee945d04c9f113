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

    /** Takes the cause's own words, or its type where it has none. */
    public static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "unknown reason";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
