package io.github.kubevxlan.controller.names;

/** What is to be done to one EndpointSlice. */
public sealed interface SliceChange {
    /** The slice: as it shall be, or the one to be deleted. */
    Slice slice();

    /** Makes a new one. */
    record Create(Slice slice) implements SliceChange {}

    /** Replaces the one of that name, if it is still of that version. */
    record Update(Slice slice, String version) implements SliceChange {}

    /** Deletes the one of that name, if it is still of that version. */
    record Delete(Slice slice, String version) implements SliceChange {}
}
