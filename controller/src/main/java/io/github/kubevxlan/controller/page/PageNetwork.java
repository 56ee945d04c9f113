package io.github.kubevxlan.controller.page;

/**
 * A network as the ConfigMap defines it, with its members counted.
 *
 * @param name the key of its entry
 * @param vni the segment's identifier; 0 where the definition can't be read
 * @param port the segment's UDP port; 0 likewise
 * @param family of the underlay; empty for that of each pod's primary address
 * @param members how many pods name it
 * @param ready how many of them are ready
 * @param problem why it can't be used; empty if it can
 */
public record PageNetwork(String name, int vni, int port, String family, int members, int ready, String problem) {}
