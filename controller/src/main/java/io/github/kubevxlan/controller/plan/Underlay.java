package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.spec.Network;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an overlay's addresses and routes must not cover, or VXLAN packets would go into the overlay: the VTEPs of all
 * members, and the networks of the devices that these packets leave by. A default route is below everything and covers
 * nothing.
 */
final class Underlay {
    private Underlay() {}

    /** An address or route of an overlay and where it leads, as users write it. */
    private record Claim(String text, Cidr destination) {}

    /** Whether any link covers a VTEP, as far as can be told without the agent. */
    static boolean isCovered(DesiredPod want) {
        return want.links().stream().anyMatch(link -> vtep(want, link).isPresent());
    }

    /** What of a link covers what, in words for its owner; empty if nothing does. */
    static Optional<String> conflict(DesiredPod want, DesiredLink link, ObservedPod seen) {
        return vtep(want, link).or(() -> device(want, link, seen));
    }

    private static Optional<String> vtep(DesiredPod want, DesiredLink link) {
        return claims(link.network())
                .flatMap(claim -> want.links().stream()
                        .flatMap(other -> other.vteps().within(claim.destination()).stream())
                        .map(vtep -> claim.text() + " covers " + vtep + ", to which members send VXLAN packets"))
                .findFirst();
    }

    private static Optional<String> device(DesiredPod want, DesiredLink link, ObservedPod seen) {
        List<ObservedLink> devices =
                seen.links().stream().filter(device -> isUnderlay(device, want)).toList();
        return claims(link.network())
                .flatMap(claim -> devices.stream()
                        .flatMap(device -> device.addresses().stream()
                                .map(address -> address.address().network())
                                .filter(claim.destination()::overlaps)
                                .map(network ->
                                        claim.text() + " overlaps " + network + ", the network of " + device.name())))
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

    /** Each link has a link-local network of its own (RFC 4291 section 2.5.6). */
    private static Stream<Claim> claims(Network network) {
        return Stream.concat(
                network.addresses().stream()
                        .filter(address -> !address.address().value().isLinkLocal())
                        .map(address -> new Claim("ip=" + address, address.network())),
                network.routes().stream()
                        .filter(route -> !route.destination().isDefault())
                        .map(route -> new Claim("route=" + route, route.destination())));
    }
}
