package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.controller.plan.Entry;
import io.github.kubevxlan.controller.plan.Filter;
import io.github.kubevxlan.controller.plan.Marks;
import io.github.kubevxlan.controller.plan.Nets;
import io.github.kubevxlan.controller.plan.ObservedLink;
import io.github.kubevxlan.controller.plan.ObservedRoute;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.SegmentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What every kernel must hold at rest, worked out from the cluster alone, in the plainest way. */
final class Truth {
    private final Map<SimulatedPod, Resolution> resolutions = new HashMap<>();
    private final Map<SegmentKey, List<Peer>> segments = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<Peer, Mac> told = new HashMap<>();
    private final Subnets subnets;

    private record Peer(SimulatedPod pod, Network network, IpAddr vtep) {
        boolean isThere() {
            return pod.kernel.names().contains(network.ifName().value());
        }
    }

    /** What is compared: entries alone, which a peer's join brings to light, or everything. */
    enum Extent {
        LINKS_AND_ENTRIES,
        EVERYTHING
    }

    private Truth(SimulatedCluster cluster) {
        subnets = cluster.subnets;
        for (SimulatedPod pod : cluster.pods()) {
            if (pod.isMember()) {
                Resolution resolution = cluster.resolve(pod);
                resolutions.put(pod, resolution);
                resolution
                        .networks()
                        .forEach(network -> pod.vtep(network)
                                .ifPresent(vtep -> segments.computeIfAbsent(key(network, vtep), _ -> new ArrayList<>())
                                        .add(new Peer(pod, subnets.addressed(pod, network), vtep))));
            }
        }
    }

    /** What is wrong, a line each. */
    static List<String> faults(SimulatedCluster cluster, Extent extent) {
        Truth truth = new Truth(cluster);
        cluster.pods().stream()
                .filter(pod -> pod.agent == AgentState.RUNNING && !pod.finished)
                .forEach(pod -> truth.compare(pod, extent));
        return truth.faults;
    }

    private void compare(SimulatedPod pod, Extent extent) {
        Resolution resolution = resolutions.get(pod);
        List<Network> networks = resolution == null ? List.of() : resolution.networks();
        pod.foreign.forEach((name, made) -> expect(pod, "the foreign " + name, made, foreign(pod, name)));
        Set<String> wanted = new HashSet<>();
        boolean free = true;
        for (Network network : networks) {
            Optional<IpAddr> vtep = pod.vtep(network);
            if (vtep.isEmpty() || isBlocked(pod, network, vtep.get())) {
                free = false;
            } else {
                free &= !subnets.lacks(pod, network, faults);
                wanted.add(network.ifName().value());
                compare(pod, subnets.addressed(pod, network), vtep.get(), extent);
            }
        }
        boolean soonGone = pod.deleting && !pod.labelled;
        if (!soonGone && extent == Extent.EVERYTHING && free) {
            filters(pod, networks);
        }
        for (ObservedLink link : pod.kernel.observed()) {
            if (!soonGone && isOurs(link) && !wanted.contains(link.name())) {
                faults.add(pod + ": link " + link.name() + " is left over");
            }
        }
        if (resolution != null && resolution.isComplete() && free && !pod.kernel.isMarked()) {
            faults.add(pod + ": is not released");
        }
    }

    /** What somebody else's device is, index and alias included. */
    static ObservedLink foreign(SimulatedPod pod, String name) {
        return pod.kernel.observed().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A filter for each network, which lets its peers through; none where the agent has no nft. */
    private void filters(SimulatedPod pod, List<Network> networks) {
        Map<String, Set<Entry>> wanted = new TreeMap<>();
        for (Network network : pod.kernel.filters().isOffered() ? networks : List.<Network>of()) {
            SegmentKey segment = key(network, pod.vtep(network).orElseThrow());
            Filter filter = Filter.of(segment);
            wanted.put(
                    filter.name(),
                    segments.getOrDefault(segment, List.of()).stream()
                            .filter(peer -> peer.pod() != pod)
                            .<Entry>map(peer -> new Entry.Admitted(filter, peer.vtep()))
                            .collect(Collectors.toCollection(TreeSet::new)));
            expect(pod, filter + " whole", true, pod.kernel.filters().isWhole(filter));
        }
        Map<String, Set<Entry>> seen = new TreeMap<>();
        pod.kernel
                .filters()
                .all()
                .forEach(filter -> seen.put(filter.name(), pod.kernel.filters().admitted(filter)));
        expect(pod, "filters", wanted, seen);
    }

    private void compare(SimulatedPod pod, Network network, IpAddr vtep, Extent extent) {
        String name = network.ifName().value();
        if (!pod.kernel.names().contains(name)) {
            faults.add(pod + ": link " + name + " is missing");
            return;
        }
        entries(pod, network, vtep);
        if (extent == Extent.LINKS_AND_ENTRIES) {
            return;
        }
        ObservedLink link = pod.kernel.observed().stream()
                .filter(observed -> observed.name().equals(name))
                .findFirst()
                .orElseThrow();
        expect(pod, name + "'s alias", Marks.alias(Nets.PREFIX, network.name()), link.alias());
        expect(
                pod,
                name + "'s segment",
                network.segment(),
                link.vxlan().orElseThrow().segment());
        expect(pod, name + "'s local", vtep, link.vxlan().orElseThrow().local().orElseThrow());
        expect(pod, name + "'s mtu", vtep.isIpv6() ? 1430 : 1450, link.mtu());
        expect(pod, name + " up", true, link.up());
        expect(pod, name + "'s addresses", Set.copyOf(network.addresses()), ours(link));
        Set<Route> routes = pod.kernel.routes().stream()
                .filter(route -> route.dev().equals(name))
                .map(ObservedRoute::route)
                .collect(Collectors.toSet());
        expect(pod, name + "'s routes", Set.copyOf(network.routes()), routes);
    }

    private void entries(SimulatedPod pod, Network network, IpAddr vtep) {
        String name = network.ifName().value();
        Set<Entry> seen = pod.kernel.entries(name);
        Set<Entry> wanted = new TreeSet<>();
        for (Peer peer : segments.getOrDefault(key(network, vtep), List.of())) {
            if (peer.pod() == pod) {
                continue;
            }
            wanted.add(new Entry.Flood(peer.vtep()));
            if (network.forwarding() == Forwarding.STATIC) {
                Optional<Mac> known = mac(peer, seen);
                if (known.isEmpty()) {
                    faults.add(pod + ": " + name + " has no entry for a MAC of " + peer.pod());
                    continue;
                }
                Mac mac = known.get();
                wanted.add(new Entry.Unicast(mac, peer.vtep()));
                peer.network().addresses().stream()
                        .map(InterfaceAddress::address)
                        .filter(ip -> isOfOne(ip, key(network, vtep)))
                        .forEach(ip -> wanted.add(new Entry.Neighbour(ip, mac)));
            }
        }
        expect(pod, name + "'s entries", wanted, seen);
    }

    /** That of its link; while it has none, what the first of the others that is compared was told, and so all of them. */
    private Optional<Mac> mac(Peer peer, Set<Entry> seen) {
        if (peer.isThere() && !isBlocked(peer.pod(), peer.network(), peer.vtep())) {
            return Optional.of(peer.pod().kernel.mac(peer.network().ifName().value()));
        }
        seen.stream()
                .filter(entry ->
                        entry instanceof Entry.Unicast unicast && unicast.vtep().equals(peer.vtep()))
                .findFirst()
                .ifPresent(entry -> told.putIfAbsent(peer, ((Entry.Unicast) entry).mac()));
        return Optional.ofNullable(told.get(peer));
    }

    /** An address that several have, from their namespace's annotation, is for them to settle by ARP. */
    private boolean isOfOne(IpAddr ip, SegmentKey segment) {
        return segments.getOrDefault(segment, List.of()).stream()
                        .filter(peer -> peer.network().addresses().stream()
                                .anyMatch(address -> address.address().equals(ip)))
                        .count()
                == 1;
    }

    private void expect(SimulatedPod pod, String what, Object wanted, Object seen) {
        if (!wanted.equals(seen)) {
            faults.add(pod + ": " + what + " should be " + wanted + ", is " + seen);
        }
    }

    /** Whether a device that is not ours has the network's name or segment. */
    private static boolean isBlocked(SimulatedPod pod, Network network, IpAddr vtep) {
        return pod.kernel.observed().stream()
                .filter(link -> !isOurs(link))
                .anyMatch(link -> link.name().equals(network.ifName().value())
                        || link.vxlan()
                                .filter(vxlan -> vxlan.segment().equals(network.segment())
                                        && vxlan.local().orElseThrow().isIpv6() == vtep.isIpv6())
                                .isPresent());
    }

    private static SegmentKey key(Network network, IpAddr vtep) {
        return new SegmentKey(network.segment(), vtep.isIpv6());
    }

    private static boolean isOurs(ObservedLink link) {
        return Marks.isOurs(link.alias(), Nets.PREFIX);
    }

    private static Set<InterfaceAddress> ours(ObservedLink link) {
        return link.addresses().stream()
                .filter(ObservedLink.ObservedAddress::owned)
                .map(ObservedLink.ObservedAddress::address)
                .collect(Collectors.toSet());
    }
}
