package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.view.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a command could not read and what it assumes instead, for when it ends without a result that tells of it. */
final class Notes {
    private final Set<String> unsaid = new LinkedHashSet<>();

    /** Takes notes; those that it has already count once. */
    synchronized void take(List<String> notes) {
        unsaid.addAll(notes);
    }

    /** Prints them, each once. */
    synchronized void say(Terminal terminal) {
        unsaid.forEach(note -> terminal.err().println("note: " + Table.printable(note)));
        terminal.err().flush();
        unsaid.clear();
    }
}
