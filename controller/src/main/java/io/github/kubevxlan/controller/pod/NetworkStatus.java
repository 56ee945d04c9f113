package io.github.kubevxlan.controller.pod;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One network of a pod in its status, in the words of the NPWG network-status standard (de facto standard 1.3, section
 * 4). It describes only the pod itself, not its peers.
 *
 * @param name the network's name
 * @param state what is to be made of the rest
 * @param vni the segment's identifier; empty where the network is not defined
 * @param ifName the interface in the pod; empty where there is none
 * @param ips addresses that we gave it, are about to give it, or keep for it
 * @param mac the interface's; empty where there is none
 * @param mtu the interface's, in bytes
 * @param agent the version of the agent that set the interface up; empty if it told none or there is no interface
 * @param message what the pod's owner should know, at most 1,000 characters of it; empty if nothing
 */
public record NetworkStatus(
        String name,
        State state,
        Optional<Vni> vni,
        Optional<IfName> ifName,
        List<IpAddr> ips,
        Optional<Mac> mac,
        OptionalInt mtu,
        Optional<String> agent,
        String message) {
    /** How far a network is. */
    public enum State {
        /** The addresses are the pod's; its interface does not have them yet. */
        CLAIMED,
        /** The interface is as wanted. */
        READY,
        /** The interface is there and follows its peers, without something that is declared; the message says what. */
        DEGRADED,
        /** The agent could not be used so far. */
        PENDING,
        /** The controller can't set it up; the message says why. */
        UNAVAILABLE
    }

    private static final int MOST_MESSAGE = 1_000;

    public NetworkStatus {
        ips = List.copyOf(ips);
        message = message.length() > MOST_MESSAGE ? message.substring(0, MOST_MESSAGE - 3) + "..." : message;
    }

    /** Addresses that are about to be given: written before they are. */
    public static NetworkStatus claim(String name, Vni vni, List<IpAddr> ips) {
        return new NetworkStatus(
                name,
                State.CLAIMED,
                Optional.of(vni),
                Optional.empty(),
                ips,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "");
    }

    /** The same when it is about to be given addresses: its interface stays until it has them. */
    public NetworkStatus claiming(List<IpAddr> addresses) {
        return new NetworkStatus(name, State.CLAIMED, vni, ifName, addresses, mac, mtu, agent, "");
    }

    /** A network without an interface. */
    public static NetworkStatus without(String name, State state, Optional<Vni> vni, List<IpAddr> ips, String message) {
        return new NetworkStatus(
                name,
                state,
                vni,
                Optional.empty(),
                ips,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                message);
    }

    /** Whether the interface is there. */
    public boolean isThere() {
        return ifName.isPresent();
    }

    /** The same when its interface is not as it was. */
    public NetworkStatus lost() {
        return without(name, State.PENDING, vni, ips, message);
    }

    /** The same with another message. */
    public NetworkStatus saying(String words) {
        return new NetworkStatus(name, state, vni, ifName, ips, mac, mtu, agent, words);
    }
}
