package io.github.kubevxlan.controller.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent reported: untrusted, and parsed strictly.
 *
 * @param links all devices of the pod
 * @param routes those that carry our mark
 * @param foreign other routes to the destinations that were asked about
 * @param filters those that are ours; empty if the agent or its kernel has none to offer
 * @param fdb by link name, for the links that were asked about and exist
 * @param errors what the programs in the agent complained of, a line each, bounded
 */
public record ObservedPod(
        List<ObservedLink> links,
        List<ObservedRoute> routes,
        List<ForeignRoute> foreign,
        Optional<ObservedFilters> filters,
        Map<String, FdbView> fdb,
        List<String> errors) {
    /** The device whose alias is the marker. */
    public static final String LOOPBACK = "lo";

    public ObservedPod {
        links = List.copyOf(links);
        routes = List.copyOf(routes);
        foreign = List.copyOf(foreign);
        fdb = Map.copyOf(fdb);
        errors = List.copyOf(errors);
    }

    /** The device of that name. */
    public Optional<ObservedLink> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Whether the pod's containers were let go: the marker stands. */
    public boolean marked() {
        return link(LOOPBACK)
                .filter(lo -> lo.alias().startsWith(Marks.COMPLETE))
                .isPresent();
    }
}
