package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.view.Ink;
import io.github.kubevxlan.cli.view.Listing;

/**
 * What a command found.
 *
 * @param listing what {@code -o json} prints, and the notes
 * @param text what people read
 * @param status the exit status
 */
record Result(Listing<?> listing, Text text, int status) {
    /** Says it to people. */
    interface Text {
        /** Lines, each ended; wide tables have further columns. */
        String of(boolean wide, Ink ink);
    }
}
