package io.github.kubevxlan.cli.command;

/** What the exit status says; the same for every command. */
public final class ExitCodes {
    /** Done, and nothing is amiss. */
    public static final int FINE = 0;

    /** Done, and there is something to look at: a difference, a warning, a loss. */
    public static final int AMISS = 1;

    /** Done, and something does not work that should ({@code doctor}). */
    public static final int BROKEN = 2;

    /** Not done: no cluster, a right is missing, no such pod. */
    public static final int NOT_DONE = 3;

    /** Not understood: a mistake in the command line. */
    public static final int USAGE = 64;

    private ExitCodes() {}
}
