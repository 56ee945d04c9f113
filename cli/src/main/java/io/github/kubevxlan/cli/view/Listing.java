package io.github.kubevxlan.cli.view;

import java.util.List;

/**
 * What {@code -o json} prints: see docs/cli.schema.json.
 *
 * @param apiVersion changes with the meaning of a field, not with a new field
 * @param kind names what the items are
 * @param items in the order of the table
 * @param notes what could not be read and what was assumed instead
 */
public record Listing<T>(String apiVersion, String kind, List<T> items, List<String> notes) {
    public static final String VERSION = "vxlan/v1";

    public Listing {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    /** A listing of today's version. */
    public static <T> Listing<T> of(String kind, List<T> items, List<String> notes) {
        return new Listing<>(VERSION, kind, items, notes);
    }
}
