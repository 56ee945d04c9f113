package io.github.kubevxlan.controller.page;

import java.util.List;

/**
 * A pod in one network.
 *
 * @param uid the pod's
 * @param namespace the pod's
 * @param pod its name
 * @param node where it runs; empty before it is scheduled
 * @param underlay the pod's own addresses, one of a family, the primary one first
 * @param network the network's name; empty where what the pod declares can't be read
 * @param interfaceName the interface's name in the pod; empty where there is none
 * @param addresses those that we gave it or keep for it
 * @param mac the interface's; empty where there is none
 * @param state how it is
 * @param reason why it is not ready; empty if it is
 */
public record PageMember(
        String uid,
        String namespace,
        String pod,
        String node,
        List<String> underlay,
        String network,
        String interfaceName,
        List<String> addresses,
        String mac,
        String state,
        String reason) {
    public PageMember {
        underlay = List.copyOf(underlay);
        addresses = List.copyOf(addresses);
    }

    /** What no other member has. */
    public String id() {
        return uid + "/" + network;
    }
}
