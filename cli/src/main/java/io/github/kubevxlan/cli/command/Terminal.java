package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.view.Ink;
import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * Where a command prints.
 *
 * @param out its result
 * @param err all else
 * @param colours whether the result goes to a terminal and NO_COLOR is not set
 * @param progress shows what takes long, if err is a terminal
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colours, Progress progress) {
    Ink ink() {
        return new Ink(colours);
    }

    /** Runs a task; says what it is if it takes longer than a second. */
    <T> T working(String what, Supplier<T> work) {
        return progress.during(what, work);
    }
}
