package io.github.kubevxlan.cli.command;

/** How a result is printed. */
enum Format {
    /** For people. */
    table,
    /** For people, with further columns. */
    wide,
    /** For programs, see docs/cli.schema.json. */
    json,
    /** The same as JSON. */
    yaml
}
