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
 * @param link the interface in the pod
 * @param message what the pod's owner should know, at most 1,000 characters of it; empty if nothing
 */
public record NetworkStatus(String name, State state, Optional<Vni> vni, Link link, String message) {
    /**
     * A pod's interface in a network.
     *
     * @param ifName its name; empty where there is none
     * @param ips addresses that we gave it, are about to give it, or keep for it
     * @param mac its MAC; empty where there is none
     * @param mtu in bytes
     * @param agent the version of the agent that set it up; empty if it told none or there is no interface
     */
    public record Link(
            Optional<IfName> ifName, List<IpAddr> ips, Optional<Mac> mac, OptionalInt mtu, Optional<String> agent) {
        public Link {
            ips = List.copyOf(ips);
        }

        /** Addresses that are given or kept while there is no interface. */
        public static Link absent(List<IpAddr> ips) {
            return new Link(Optional.empty(), ips, Optional.empty(), OptionalInt.empty(), Optional.empty());
        }

        private Link with(List<IpAddr> addresses) {
            return new Link(ifName, addresses, mac, mtu, agent);
        }
    }

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
        message = message.length() > MOST_MESSAGE ? message.substring(0, MOST_MESSAGE - 3) + "..." : message;
    }

    /** Addresses that are about to be given: written before they are. */
    public static NetworkStatus claim(String name, Vni vni, List<IpAddr> ips) {
        return new NetworkStatus(name, State.CLAIMED, Optional.of(vni), Link.absent(ips), "");
    }

    /** The same when it is about to be given addresses: its interface stays until it has them. */
    public NetworkStatus claiming(List<IpAddr> addresses) {
        return new NetworkStatus(name, State.CLAIMED, vni, link.with(addresses), "");
    }

    /** A network without an interface. */
    public static NetworkStatus without(String name, State state, Optional<Vni> vni, List<IpAddr> ips, String message) {
        return new NetworkStatus(name, state, vni, Link.absent(ips), message);
    }

    /** The interface in the pod; empty where there is none. */
    public Optional<IfName> ifName() {
        return link.ifName();
    }

    /** Addresses that we gave the interface, are about to give it, or keep for it. */
    public List<IpAddr> ips() {
        return link.ips();
    }

    /** The interface's MAC; empty where there is none. */
    public Optional<Mac> mac() {
        return link.mac();
    }

    /** The interface's MTU, in bytes. */
    public OptionalInt mtu() {
        return link.mtu();
    }

    /** Whether the interface is there. */
    public boolean isThere() {
        return ifName().isPresent();
    }

    /** The same when its interface is not as it was. */
    public NetworkStatus lost() {
        return without(name, State.PENDING, vni, ips(), message);
    }

    /** The same where something more is wrong; the words are empty if nothing is. */
    public NetworkStatus degraded(String words) {
        if (words.isEmpty()) {
            return this;
        }
        String all = message.isEmpty() ? words : message + "; " + words;
        return new NetworkStatus(name, state == State.READY ? State.DEGRADED : state, vni, link, all);
    }

    /** The same with another message. */
    public NetworkStatus saying(String words) {
        return new NetworkStatus(name, state, vni, link, words);
    }
}
