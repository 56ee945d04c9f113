package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One interface of a pod, its desired and its observed state.
 *
 * @param endpoint which interface it is, and its place in the overlay
 * @param desired as it should be
 * @param actual as the agent reports it; null if it does not exist, or no agent answered
 * @param counters packets counted; null likewise
 */
public record LinkView(
        @JsonUnwrapped Endpoint endpoint,
        Side desired,
        @Nullable Side actual,
        @Nullable Packets counters) {
    /**
     * An end of the tunnel.
     *
     * @param name the interface
     * @param network the network that it is for
     * @param vni its VNI
     * @param port its UDP port
     * @param vtep the address that it sends from
     */
    public record Endpoint(String name, String network, int vni, int port, String vtep) {}

    /**
     * One side of the comparison.
     *
     * @param device the interface by itself
     * @param addresses with prefix lengths; of the actual ones those that are ours and others' alike
     * @param routes ours
     * @param peers the interface's entries for its peers
     */
    public record Side(
            @JsonUnwrapped Device device,
            List<String> addresses,
            List<String> routes,
            @JsonUnwrapped Peers peers) {}

    /**
     * The interface by itself.
     *
     * @param up whether it is up
     * @param mac its MAC
     * @param mtu in bytes; null where the agent chooses it by the underlay's
     */
    public record Device(boolean up, String mac, @Nullable Integer mtu) {}

    /**
     * An interface's entries for its peers.
     *
     * @param entries how many forwarding, neighbour and filter entries it has for them
     * @param filtered whether packets of senders that are no peers are dropped
     * @param security its port security: off, log or on
     */
    public record Peers(int entries, boolean filtered, String security) {}

    /** Packets since the interface was created, and those that its filters stopped. */
    public record Packets(
            long received,
            long sent,
            long receiveDrops,
            long sendDrops,
            @JsonUnwrapped Stopped stopped) {}

    /**
     * Packets that the interface's filters stopped.
     *
     * @param strangers those that its peer filter dropped
     * @param refused those that its port security refused, by reason; with security=log it took them all the same
     */
    public record Stopped(long strangers, List<Refused> refused) {
        /** None. */
        public static final Stopped NONE = new Stopped(0, List.of());
    }

    /**
     * Packets that port security refused for one reason.
     *
     * @param reason mac, address, arp, nd, router, dhcp or hidden
     * @param packets how many
     */
    public record Refused(String reason, long packets) {
        /** The reason and the number. */
        public String words() {
            return reason + " " + packets;
        }
    }

    /** The interface. */
    public String name() {
        return endpoint.name();
    }

    /** The network that it is for. */
    public String network() {
        return endpoint.network();
    }

    /** The address that it sends from. */
    public String vtep() {
        return endpoint.vtep();
    }
}
