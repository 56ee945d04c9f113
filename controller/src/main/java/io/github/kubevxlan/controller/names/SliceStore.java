package io.github.kubevxlan.controller.names;

/** Where EndpointSlices are. */
public interface SliceStore {
    /**
     * Does one change.
     *
     * @return the slice's version then; empty if it is gone
     * @throws SliceWriteException if it was not done
     */
    String write(SliceChange change) throws SliceWriteException;
}
