package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What an agent reported: untrusted, and parsed strictly.
 *
 * @param devices of the pod
 * @param routing its routes
 * @param filters those that are ours; empty if the agent or its kernel has none to offer
 * @param fdb by link name, for the links that were asked about and exist
 * @param diagnostics of the agent itself
 */
public record ObservedPod(
        Devices devices,
        Routing routing,
        Optional<ObservedFilters> filters,
        Map<String, FdbView> fdb,
        Diagnostics diagnostics) {
    /** The device whose alias is the marker. */
    public static final String LOOPBACK = "lo";

    private static final String NEW_DEVICE = "default";

    public ObservedPod {
        fdb = Map.copyOf(fdb);
    }

    /**
     * The pod's network devices.
     *
     * @param byName all of them, in the order reported
     * @param withoutIpv6 those that have IPv6 switched off; {@code default} among them if a new one would
     */
    public record Devices(SequencedMap<String, ObservedLink> byName, Set<String> withoutIpv6) {
        public Devices {
            byName = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byName));
            withoutIpv6 = Set.copyOf(withoutIpv6);
        }

        /** Of devices of one name, which no kernel has, the first counts. */
        public Devices(List<ObservedLink> links, Set<String> withoutIpv6) {
            this(byName(links), withoutIpv6);
        }

        private static SequencedMap<String, ObservedLink> byName(List<ObservedLink> links) {
            SequencedMap<String, ObservedLink> byName = new LinkedHashMap<>();
            links.forEach(link -> byName.putIfAbsent(link.name(), link));
            return byName;
        }
    }

    /**
     * The pod's routes.
     *
     * @param ours those that carry our mark
     * @param foreign other routes to the destinations that were asked about
     */
    public record Routing(List<ObservedRoute> ours, List<ForeignRoute> foreign) {
        public Routing {
            ours = List.copyOf(ours);
            foreign = List.copyOf(foreign);
        }
    }

    /**
     * What the agent tells of itself.
     *
     * @param errors what the programs in the agent complained of, a line each, bounded
     * @param agent the agent's version; empty if it tells none, as one with a shell
     * @param knowsQdiscs whether it takes requests about qdiscs; an older one refuses all of such a request
     */
    public record Diagnostics(List<String> errors, Optional<String> agent, boolean knowsQdiscs) {
        public Diagnostics {
            errors = List.copyOf(errors);
        }

        /** Those of one that knows qdiscs. */
        public Diagnostics(List<String> errors, Optional<String> agent) {
            this(errors, agent, true);
        }
    }

    public List<ObservedLink> links() {
        return List.copyOf(devices.byName().values());
    }

    public Set<String> withoutIpv6() {
        return devices.withoutIpv6();
    }

    public List<ObservedRoute> routes() {
        return routing.ours();
    }

    public List<ForeignRoute> foreign() {
        return routing.foreign();
    }

    public List<String> errors() {
        return diagnostics.errors();
    }

    public Optional<String> agent() {
        return diagnostics.agent();
    }

    public boolean knowsQdiscs() {
        return diagnostics.knowsQdiscs();
    }

    /** The same by an agent of that version. */
    public ObservedPod reportedBy(Optional<String> version) {
        return new ObservedPod(devices, routing, filters, fdb, new Diagnostics(errors(), version, knowsQdiscs()));
    }

    /** The device of that name. */
    public Optional<ObservedLink> link(String name) {
        return Optional.ofNullable(devices.byName().get(name));
    }

    /** Whether the device of that name has IPv6, or would have it once it is made. */
    public boolean hasIpv6(String name) {
        return !withoutIpv6().contains(link(name).isPresent() ? name : NEW_DEVICE);
    }

    /** Whether the pod's containers were let go: the marker stands. */
    public boolean marked() {
        return link(LOOPBACK)
                .filter(lo -> lo.alias().startsWith(OwnershipMarkers.COMPLETE))
                .isPresent();
    }
}
