package io.github.kubevxlan.controller.names;

/**
 * An EndpointSlice of ours that the API server has.
 *
 * @param slice its content
 * @param version its resourceVersion
 */
public record ObservedSlice(Slice slice, String version) {}
