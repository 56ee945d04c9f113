package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.Route;
import java.util.List;
import java.util.OptionalInt;

/**
 * IP over a pod's link.
 *
 * @param addresses the interface's addresses, in the order given, without repeats
 * @param pools where further addresses come from, one of each family at most, of none that {@code addresses} has
 * @param routes routes over the interface, in the order given, without repeats
 * @param metric of the routes, 1 to 4294967295 capped to int range; empty for the kernel's own
 * @param advertisements whether members accept router advertisements and redirects
 */
public record IpOptions(
        List<InterfaceAddress> addresses,
        List<Pool> pools,
        List<Route> routes,
        OptionalInt metric,
        Advertisements advertisements) {
    public IpOptions {
        addresses = List.copyOf(addresses);
        pools = List.copyOf(pools);
        routes = List.copyOf(routes);
    }
}
