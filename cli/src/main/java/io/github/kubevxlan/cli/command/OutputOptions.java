package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.view.Documents;
import io.github.kubevxlan.cli.view.Table;
import picocli.CommandLine.Option;

/** How a result is printed. */
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format format = Format.table;

    /** Prints a result's listing; or its text, and its notes to standard error. */
    void print(Terminal terminal, Result result) {
        switch (format) {
            case json -> terminal.out().print(Documents.json(result.listing()));
            case yaml -> terminal.out().print(Documents.yaml(result.listing()));
            case table, wide -> {
                terminal.out().print(result.text().of(format == Format.wide, terminal.ink()));
                terminal.out().flush();
                result.listing().notes().forEach(note -> terminal.err().println("note: " + Table.printable(note)));
            }
        }
        terminal.out().flush();
        terminal.err().flush();
    }
}
