package io.github.kubevxlan.cli.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One network of a pod, from the pod's status.
 *
 * @param name the network's
 * @param vni its VNI; null where it is not known
 * @param interfaceName the interface in the pod; empty while there is none
 * @param ips the interface's addresses that the controller gave or keeps
 * @param mac the interface's; empty while there is none
 * @param mtu the interface's in bytes; null while there is none
 * @param state {@code Ready}, {@code Claimed}, {@code Degraded}, {@code Pending}, {@code Unavailable}, or {@code
 *     Unknown} without a status
 * @param message the reason, if it is not ready
 */
public record PodNetworkView(
        String name,
        @Nullable Integer vni,
        String interfaceName,
        List<String> ips,
        String mac,
        @Nullable Integer mtu,
        String state,
        String message) {}
