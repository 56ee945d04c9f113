package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
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

    /**
     * What is compared: links and entries, whose damage a peer's join brings to light where the agent has a shell, or
     * everything, as after a drift check.
     */
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

    /**
     * What is wrong, a line each.
     *
     * @param epoch of the leader; of pods without the label, those that only an earlier leader has touched are left out, and
     *     those that were taken for the pod before them, since no watch shows them
     */
    static List<String> faults(SimulatedCluster cluster, Extent extent, long epoch) {
        Truth truth = new Truth(cluster);
        cluster.pods().stream()
                .filter(pod -> pod.agent == AgentState.RUNNING && !pod.finished)
                .filter(pod -> pod.isMember() || (pod.kernel.epoch() >= epoch && !pod.mistaken))
                .filter(pod -> extent == Extent.EVERYTHING || !pod.isNative() || !pod.disturbed)
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
            if (vtep.isEmpty()) {
                free = false;
            } else if (isBlocked(pod, network, vtep.get()) || !fits(pod, network, vtep.get())) {
                free = false;
                wanted.add(network.ifName().value());
                staying(pod, network, vtep.get()).ifPresent(name -> {
                    wanted.add(name);
                    checkStatus(pod, network);
                    entries(pod, subnets.addressed(pod, network), vtep.get(), name);
                });
            } else {
                free &= !subnets.lacks(pod, network, faults);
                free &= !lacksMac(pod, network, vtep.get());
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
        if (resolution != null && resolution.isComplete() && free && extent == Extent.EVERYTHING) {
            checkStatus(pod, networks);
        }
    }

    private boolean lacksMac(SimulatedPod pod, Network network, IpAddr vtep) {
        List<Names.Link> others = segments.getOrDefault(key(network, vtep), List.of()).stream()
                .filter(peer -> peer.pod() != pod)
                .map(peer -> new Names.Link(
                        peer.network(),
                        peer.isThere()
                                ? Optional.of(peer.pod()
                                        .kernel
                                        .mac(peer.network().ifName().value()))
                                : Optional.empty()))
                .toList();
        return pod.kernel.names().contains(network.ifName().value()) && Names.lacksMac(pod, network, others, faults);
    }

    /** A pod that has all that its kernel can do is ready, and its status tells of each network just what it is without. */
    private void checkStatus(SimulatedPod pod, List<Network> networks) {
        expect(pod, "ready", true, pod.ready.filter(ReadyCondition::holds).isPresent());
        expect(
                pod,
                "status",
                networks.stream()
                        .map(network -> network.name() + " " + (isRefused(pod, network) ? State.DEGRADED : State.READY))
                        .toList(),
                pod.status.stream().map(Truth::spoken).toList());
    }

    private static String spoken(NetworkStatus one) {
        boolean isWithout = one.state() == State.DEGRADED && one.message().contains(", so without ");
        return one.name() + " " + one.state() + (isWithout ? "" : one.message());
    }

    /** A pod whose link of a network stays, since the edit of that does not fit, stays ready and is told why. */
    private void checkStatus(SimulatedPod pod, Network network) {
        if (network.dev().value().equals("eth0") && !(network.mtu() instanceof Mtu.Fixed)) {
            return;
        }
        String name = network.name();
        pod.status.stream()
                .filter(one -> one.name().equals(name))
                .forEach(one -> expect(pod, name + "'s state", State.DEGRADED, one.state()));
        pod.kernel.observed().stream()
                .filter(link ->
                        isOurs(link) && link.name().equals(network.ifName().value()) && link.mtu() > pod.underlay - 50)
                .forEach(link -> faults.add(pod + ": " + name + "'s mtu is " + link.mtu()));
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
            security(pod, network, segment, filter);
        }
        Map<String, Set<Entry>> seen = new TreeMap<>();
        pod.kernel
                .filters()
                .all()
                .forEach(filter -> seen.put(filter.name(), pod.kernel.filters().admitted(filter)));
        expect(pod, "filters", wanted, seen);
    }

    /** What its peers may send; nothing where the agent can't check it. */
    private void security(SimulatedPod pod, Network network, SegmentKey segment, Filter filter) {
        Security mode =
                pod.kernel.filters().knowsSecurity() ? network.security().mode() : Security.OFF;
        expect(pod, filter + "'s security", mode, pod.kernel.filters().security(filter));
        Set<Entry> wanted = new TreeSet<>();
        Set<Entry> seen = new TreeSet<>(pod.kernel.filters().senders(filter));
        for (Peer peer : mode == Security.OFF ? List.<Peer>of() : segments.getOrDefault(segment, List.of())) {
            if (peer.pod() == pod) {
                continue;
            }
            boolean known = peer.isThere()
                    && !isBlocked(peer.pod(), peer.network(), peer.vtep())
                    && fits(peer.pod(), peer.network(), peer.vtep());
            String exempt = network.security().exempt().stream()
                    .map(Object::toString)
                    .filter(text -> text.equals("role=router")
                            || text.equals(peer.pod().ref.namespace() + ":role=router"))
                    .findFirst()
                    .filter(_ -> "router".equals(peer.pod().labels.get("role")))
                    .orElse("");
            if (!exempt.isEmpty()) {
                wanted.add(new Entry.Exempt(filter, peer.vtep()));
            } else if (known) {
                Mac mac = peer.pod().kernel.mac(peer.network().ifName().value());
                wanted.add(new Entry.SenderMac(filter, peer.vtep(), mac));
                wanted.add(new Entry.SenderIp(filter, peer.vtep(), linkLocal(mac)));
                peer.network()
                        .addresses()
                        .forEach(address -> wanted.add(new Entry.SenderIp(filter, peer.vtep(), address.address())));
            } else {
                seen.removeIf(entry -> ((Entry.Permitted) entry).vtep().equals(peer.vtep()));
            }
        }
        expect(pod, filter + "'s senders", wanted, seen);
    }

    /** RFC 4291, appendix A. */
    private static IpAddr linkLocal(Mac mac) {
        String[] parts = mac.toString().split(":", -1);
        return IpAddr.parse("fe80::%02x%s:%sff:fe%s:%s%s"
                .formatted(Integer.parseInt(parts[0], 16) ^ 2, parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    private void compare(SimulatedPod pod, Network network, IpAddr vtep, Extent extent) {
        String name = network.ifName().value();
        if (!pod.kernel.names().contains(name)) {
            faults.add(pod + ": link " + name + " is missing");
            return;
        }
        entries(pod, network, vtep, name);
        if (extent == Extent.LINKS_AND_ENTRIES) {
            return;
        }
        ObservedLink link = pod.kernel.observed().stream()
                .filter(observed -> observed.name().equals(name))
                .findFirst()
                .orElseThrow();
        expect(pod, name + "'s alias", OwnershipMarkers.alias(Nets.PREFIX, network.name()), link.alias());
        expect(
                pod,
                name + "'s segment",
                network.segment(),
                link.vxlan().orElseThrow().segment());
        expect(pod, name + "'s local", vtep, link.vxlan().orElseThrow().local().orElseThrow());
        expect(pod, name + "'s mtu", mtu(pod, network, vtep), link.mtu());
        expect(pod, name + " up", true, link.up());
        expect(pod, name + "'s impairments", impairments(pod, network), qdisc(link));
        expect(pod, name + "'s addresses", Set.copyOf(network.addresses()), ours(link));
        Set<Route> routes = pod.kernel.routes().stream()
                .filter(route -> route.dev().equals(name))
                .map(ObservedRoute::route)
                .collect(Collectors.toSet());
        expect(pod, name + "'s routes", Set.copyOf(network.routes()), routes);
    }

    /** A kernel without netem limits the rate all the same. */
    private static Optional<Qdisc> impairments(SimulatedPod pod, Network network) {
        Impairments wanted = network.impairments();
        Impairments possible = pod.hasNetem ? wanted : wanted.rateAlone();
        return possible.areNone()
                ? Optional.empty()
                : Optional.of(new Qdisc(possible, network.attribute(LinkAttribute.TXQUEUELEN)));
    }

    /** Whether the pod does without a part of a network's impairments. */
    private static boolean isRefused(SimulatedPod pod, Network network) {
        return !pod.hasNetem
                && network.impairments().values().keySet().stream().anyMatch(each -> each != Impairment.RATE);
    }

    private static Optional<Qdisc> qdisc(ObservedLink link) {
        return link.vxlan().orElseThrow().qdisc() instanceof ObservedQdisc.Ours(Optional<Qdisc> ours)
                ? ours
                : Optional.empty();
    }

    /** The link of a network that could not be renamed: it stays, and follows its peers. */
    private static Optional<String> staying(SimulatedPod pod, Network network, IpAddr vtep) {
        return pod.kernel.observed().stream()
                .filter(link -> isOurs(link)
                        && link.vxlan()
                                .filter(vxlan -> isInSegment(vxlan, network, vtep))
                                .isPresent())
                .map(ObservedLink::name)
                .findFirst();
    }

    private static boolean isInSegment(ObservedLink.Vxlan vxlan, Network network, IpAddr vtep) {
        return vxlan.segment().equals(network.segment())
                && vxlan.local().orElseThrow().isIpv6() == vtep.isIpv6();
    }

    private void entries(SimulatedPod pod, Network network, IpAddr vtep, String name) {
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
        if (peer.isThere()
                && !isBlocked(peer.pod(), peer.network(), peer.vtep())
                && fits(peer.pod(), peer.network(), peer.vtep())) {
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
                                .filter(vxlan -> isInSegment(vxlan, network, vtep))
                                .isPresent());
    }

    /** Whether the pod has the underlay device, and that carries the MTU. */
    private static boolean fits(SimulatedPod pod, Network network, IpAddr vtep) {
        return network.dev().value().equals("eth0") && mtu(pod, network, vtep) <= most(pod, vtep);
    }

    private static int mtu(SimulatedPod pod, Network network, IpAddr vtep) {
        return network.mtu() instanceof Mtu.Fixed(int bytes) ? bytes : most(pod, vtep);
    }

    private static int most(SimulatedPod pod, IpAddr vtep) {
        return pod.underlay - (vtep.isIpv6() ? 70 : 50);
    }

    private static SegmentKey key(Network network, IpAddr vtep) {
        return new SegmentKey(network.segment(), vtep.isIpv6());
    }

    private static boolean isOurs(ObservedLink link) {
        return OwnershipMarkers.isOurs(link.alias(), Nets.PREFIX);
    }

    private static Set<InterfaceAddress> ours(ObservedLink link) {
        return link.addresses().stream()
                .filter(ObservedLink.ObservedAddress::owned)
                .map(ObservedLink.ObservedAddress::address)
                .collect(Collectors.toSet());
    }
}
