package io.github.kubevxlan.cli.command;

/** The exit statuses, the same for every command. */
public final class ExitCodes {
    /** Done, and nothing is amiss. */
    public static final int FINE = 0;

    /** Done, with a problem: a difference, a warning, a loss. */
    public static final int AMISS = 1;

    /** Done: something does not work ({@code doctor}). */
    public static final int BROKEN = 2;

    /** Not done: no cluster, a right is missing, no such pod. */
    public static final int NOT_DONE = 3;

    /** Not understood: a mistake in the command line. */
    public static final int USAGE = 64;

    private ExitCodes() {}
}
