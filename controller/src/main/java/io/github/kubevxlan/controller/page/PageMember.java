package io.github.kubevxlan.controller.page;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * A pod in one network.
 *
 * @param identity which pod it is, and where
 * @param network the network's name; empty where what the pod declares can't be read
 * @param link its interface
 * @param state how it is
 * @param reason why it is not ready; empty if it is
 */
public record PageMember(
        @JsonUnwrapped Identity identity,
        String network,
        @JsonUnwrapped Link link,
        String state,
        String reason) {
    /**
     * Which pod it is, and where.
     *
     * @param uid the pod's
     * @param namespace the pod's
     * @param pod its name
     * @param node where it runs; empty before it is scheduled
     * @param underlay the pod's own addresses, one of a family, the primary one first
     */
    public record Identity(String uid, String namespace, String pod, String node, List<String> underlay) {
        public Identity {
            underlay = List.copyOf(underlay);
        }
    }

    /**
     * A pod's interface in a network.
     *
     * @param interfaceName its name in the pod; empty where there is none
     * @param addresses those that we gave it or keep for it
     * @param mac its MAC; empty where there is none
     */
    public record Link(String interfaceName, List<String> addresses, String mac) {
        public Link {
            addresses = List.copyOf(addresses);
        }
    }

    /** What no other member has. */
    public String id() {
        return identity.uid() + "/" + network;
    }
}
