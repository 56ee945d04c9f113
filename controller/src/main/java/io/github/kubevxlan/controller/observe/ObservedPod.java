package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent reported: untrusted, and parsed strictly.
 *
 * @param links all devices of the pod
 * @param routes those that carry our mark
 * @param foreign other routes to the destinations that were asked about
 * @param filters those that are ours; empty if the agent or its kernel has none to offer
 * @param fdb by link name, for the links that were asked about and exist
 * @param withoutIpv6 devices that have IPv6 switched off; {@code default} among them if a new one would
 * @param errors what the programs in the agent complained of, a line each, bounded
 * @param agent the agent's version; empty if it tells none, as one with a shell
 */
public record ObservedPod(
        List<ObservedLink> links,
        List<ObservedRoute> routes,
        List<ForeignRoute> foreign,
        Optional<ObservedFilters> filters,
        Map<String, FdbView> fdb,
        Set<String> withoutIpv6,
        List<String> errors,
        Optional<String> agent) {
    /** The device whose alias is the marker. */
    public static final String LOOPBACK = "lo";

    private static final String NEW_DEVICE = "default";

    public ObservedPod {
        links = List.copyOf(links);
        routes = List.copyOf(routes);
        foreign = List.copyOf(foreign);
        fdb = Map.copyOf(fdb);
        withoutIpv6 = Set.copyOf(withoutIpv6);
        errors = List.copyOf(errors);
    }

    /** The same by an agent of that version. */
    public ObservedPod reportedBy(Optional<String> version) {
        return new ObservedPod(links, routes, foreign, filters, fdb, withoutIpv6, errors, version);
    }

    /** The device of that name. */
    public Optional<ObservedLink> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Whether the device of that name has IPv6, or would have it once it is made. */
    public boolean hasIpv6(String name) {
        return !withoutIpv6.contains(link(name).isPresent() ? name : NEW_DEVICE);
    }

    /** Whether the pod's containers were let go: the marker stands. */
    public boolean marked() {
        return link(LOOPBACK)
                .filter(lo -> lo.alias().startsWith(OwnershipMarkers.COMPLETE))
                .isPresent();
    }
}
