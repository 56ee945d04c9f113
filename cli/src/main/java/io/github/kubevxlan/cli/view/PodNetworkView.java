package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One network of a pod, from the pod's status.
 *
 * @param name the network's
 * @param vni its VNI; null where it is not known
 * @param link the interface in the pod
 * @param state {@code Ready}, {@code Claimed}, {@code Degraded}, {@code Pending}, {@code Unavailable}, or {@code
 *     Unknown} without a status
 * @param message the reason, if it is not ready
 */
public record PodNetworkView(
        String name, @Nullable Integer vni, @JsonUnwrapped Link link, String state, String message) {
    static final PodNetworkView NONE = new PodNetworkView("", null, Link.NONE, "", "");

    /**
     * An interface in a pod.
     *
     * @param interfaceName its name; empty while there is none
     * @param ips its addresses that the controller gave or keeps
     * @param mac its MAC; empty while there is none
     * @param mtu in bytes; null while there is none
     */
    public record Link(
            String interfaceName,
            List<String> ips,
            String mac,
            @Nullable Integer mtu) {
        static final Link NONE = new Link("", List.of(), "", null);
    }
}
