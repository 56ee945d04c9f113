package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an overlay's addresses and routes must not cover, because VXLAN packets would then go into the overlay: the
 * VTEPs of all members, and the networks of the devices that these packets leave by. A default route is below
 * everything and covers nothing.
 */
final class Underlay {
    private final DesiredPod want;
    private final List<ObservedLink> devices;

    /** Takes a pod's overlay and what its agent reported. */
    Underlay(DesiredPod want, ObservedPod seen) {
        this.want = want;
        this.devices =
                seen.links().stream().filter(device -> isUnderlay(device, want)).toList();
    }

    /** Whether any link covers a VTEP, as far as can be told without the agent. */
    static boolean isCovered(DesiredPod want) {
        return want.links().stream()
                .flatMap(link -> claims(link.network()))
                .anyMatch(claim -> vtep(want, claim).isPresent());
    }

    /** The VTEPs of some links that lie in the networks of their addresses. */
    static Set<IpAddr> covered(List<DesiredLink> links) {
        return links.stream()
                .flatMap(link -> link.network().addresses().stream())
                .flatMap(address -> claim(address).stream())
                .flatMap(claim -> links.stream().flatMap(link -> link.peers().within(claim)))
                .collect(Collectors.toSet());
    }

    /** What an address's network covers, in words for its owner; empty if nothing. */
    Optional<String> conflict(InterfaceAddress address) {
        return claim(address).flatMap(network -> conflict(network).map(words -> "ip=" + address + " " + words));
    }

    /** What a route's destination covers, in words for its owner; empty if nothing. */
    Optional<String> conflict(Route route) {
        return claim(route).flatMap(network -> conflict(network).map(words -> "route=" + route + " " + words));
    }

    private Optional<String> conflict(Cidr claim) {
        return vtep(want, claim)
                .map(vtep -> "covers " + vtep + ", to which members send VXLAN packets")
                .or(() -> device(claim));
    }

    private static Optional<IpAddr> vtep(DesiredPod want, Cidr claim) {
        return want.links().stream().flatMap(link -> link.peers().within(claim)).findFirst();
    }

    private Optional<String> device(Cidr claim) {
        return devices.stream()
                .flatMap(device -> device.addresses().stream()
                        .map(address -> address.address().network())
                        .filter(claim::overlaps)
                        .map(network -> "overlaps " + network + ", the network of " + device.name()))
                .findFirst();
    }

    private static boolean isUnderlay(ObservedLink device, DesiredPod want) {
        return want.links().stream()
                        .anyMatch(link -> link.network().dev().value().equals(device.name()))
                || device.addresses().stream()
                        .map(address -> address.address().address())
                        .anyMatch(ip -> want.links().stream()
                                .anyMatch(link -> link.local().equals(ip)));
    }

    private static Stream<Cidr> claims(Network network) {
        return Stream.concat(
                network.addresses().stream().flatMap(address -> claim(address).stream()),
                network.routes().stream().flatMap(route -> claim(route).stream()));
    }

    /** Each link has a link-local network of its own (RFC 4291 section 2.5.6). */
    private static Optional<Cidr> claim(InterfaceAddress address) {
        return address.address().value().isLinkLocal() ? Optional.empty() : Optional.of(address.network());
    }

    private static Optional<Cidr> claim(Route route) {
        return Optional.of(route.destination()).filter(destination -> !destination.isDefault());
    }
}
