package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.ReadyWhen;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many peers members measure their paths to.
 *
 * @param peers of every network, 0 to {@link #MOST}
 */
public record PathSettings(int peers) {
    /** How many at most. */
    public static final int MOST = 8;

    /** Of a network: one with {@code ready=probed} has two or more. */
    int of(Network network) {
        int wanted = network.ready() == ReadyWhen.PROBED ? Math.max(peers, PodPaths.ENOUGH) : peers;
        return network.up() ? wanted : 0;
    }

    /** The networks of a pod that are measured. */
    Set<String> measured(DesiredPod pod) {
        return pod.links().stream()
                .filter(link -> of(link.network()) > 0)
                .map(link -> link.network().name())
                .collect(Collectors.toSet());
    }
}
