package io.github.kubevxlan.common.spec;

/**
 * A network as the ConfigMap defines it.
 *
 * @param name the key of its entry
 * @param segment its VNI and UDP port, its own among all definitions
 * @param options as written
 */
public record Definition(String name, Segment segment, Options options) {}
