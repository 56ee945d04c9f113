package io.github.kubevxlan.common.util;

import org.jspecify.annotations.Nullable;

/** Why something failed, in words for people. */
public final class Reason {
    private Reason() {}

    /** The message of the innermost cause, which is the most specific one. */
    public static String of(@Nullable Throwable failure) {
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

    /** The same on one line. */
    public static String line(@Nullable Throwable failure) {
        return of(failure).replaceAll("\\s+", " ").strip();
    }
}
