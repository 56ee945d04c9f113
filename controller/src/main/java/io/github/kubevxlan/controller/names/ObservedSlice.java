package io.github.kubevxlan.controller.names;

/**
 * An EndpointSlice of ours that the API server has.
 *
 * @param slice its content
 * @param version its resourceVersion
 * @param isWhole whether everything else that we write is as we write it: the labels, and that each address is ready
 */
public record ObservedSlice(Slice slice, String version, boolean isWhole) {
    /** One that nobody changed. */
    public ObservedSlice(Slice slice, String version) {
        this(slice, version, true);
    }
}
