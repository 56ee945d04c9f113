package io.github.kubevxlan.cli.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One interface of a pod, its desired and its observed state.
 *
 * @param name the interface
 * @param network the network that it is for
 * @param vni its VNI
 * @param port its UDP port
 * @param vtep the address that it sends from
 * @param desired as it should be
 * @param actual as the agent reports it; null if it does not exist, or no agent answered
 * @param counters packets counted; null likewise
 */
public record LinkView(
        String name,
        String network,
        int vni,
        int port,
        String vtep,
        Side desired,
        @Nullable Side actual,
        @Nullable Packets counters) {
    /**
     * One side of the comparison.
     *
     * @param up whether it is up
     * @param mac its MAC
     * @param mtu in bytes; null where the agent chooses it by the underlay's
     * @param addresses with prefix lengths; of the actual ones those that are ours and others' alike
     * @param routes ours
     * @param entries how many forwarding, neighbour and filter entries it has for its peers
     * @param filtered whether packets of senders that are no peers are dropped
     */
    public record Side(
            boolean up,
            String mac,
            @Nullable Integer mtu,
            List<String> addresses,
            List<String> routes,
            int entries,
            boolean filtered) {}

    /** Packets since the interface was created, and those that its peer filter dropped. */
    public record Packets(long received, long sent, long receiveDrops, long sendDrops, long strangers) {}
}
