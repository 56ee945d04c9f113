package io.github.kubevxlan.controller.agent;

import java.util.List;
import java.util.Optional;

/**
 * What an agent says of itself first.
 *
 * @param addresses of the pod's devices, without prefix lengths, as the kernel's programs write them
 * @param version the agent's; empty for one that has none to tell
 * @param probes whether it knows how to measure paths
 */
public record Greeting(List<String> addresses, Optional<String> version, boolean probes) {
    public Greeting {
        addresses = List.copyOf(addresses);
    }

    /** Of an agent that does not measure paths. */
    public Greeting(List<String> addresses, Optional<String> version) {
        this(addresses, version, false);
    }
}
