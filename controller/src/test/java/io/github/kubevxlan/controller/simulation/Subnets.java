package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Pool;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Networks with a subnet: nobody is given an address that another has, at any time, and none is lost. Where members check
 * what others send, the same holds at rest for addresses outside of a subnet, but for pods that are excepted.
 */
final class Subnets {
    /** Pods may choose addresses of its subnet; it grows and shrinks. */
    static final String CHOSEN = "vx3";

    /** No pod chooses an address of it; it moves. */
    static final String MOVED = "vx4";

    static final Map<String, String> DEFINITIONS = Map.of(
            CHOSEN, "id=400 subnet=10.64.0.0/24 range=10.64.0.10-10.64.0.13 forwarding=static",
            MOVED, "id=500 subnet=10.66.0.0/28;fd66::/64 range=10.66.0.1-10.66.0.3 forwarding=flood");

    private final SimulatedCluster cluster;
    private final List<String> clashes = new ArrayList<>();
    /** Pods that were taken for their predecessors of the same name and address, and were not told better yet. */
    private final Set<SimulatedPod> misled = new HashSet<>();

    private int given;
    private boolean late;

    Subnets(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** How many addresses were written on pods that had them not written before. */
    int given() {
        return given;
    }

    /** So much time has passed that addresses are given back which were kept for names. */
    void comeLate() {
        late = true;
    }

    /** All that was wrong at any time. */
    List<String> clashes() {
        return clashes;
    }

    void count(List<NetworkStatus> before, List<NetworkStatus> now) {
        Set<IpAddr> had = ips(before, CHOSEN, MOVED, Names.NETWORK);
        given += (int) ips(now, CHOSEN, MOVED, Names.NETWORK).stream()
                .filter(ip -> !had.contains(ip))
                .count();
    }

    /** Looks at what a script put on a pod's interfaces; it may have been meant for another. */
    void watch(PodRef meant, SimulatedPod pod, Script script) {
        if (!meant.equals(pod.ref)) {
            misled.add(pod);
            return;
        }
        if (!script.ops().isEmpty() && !script.reportRequest().isOfChangeAlone()) {
            misled.remove(pod);
        }
        if (!isLiving(pod)) {
            return;
        }
        Set<IpAddr> put = script.ops().stream()
                .filter(NetOp.PutAddress.class::isInstance)
                .map(op -> ((NetOp.PutAddress) op).address().address())
                .collect(Collectors.toSet());
        for (String network : List.of(CHOSEN, MOVED, Names.NETWORK)) {
            Set<IpAddr> has = kernel(pod, network);
            has.retainAll(put);
            if (!has.isEmpty()) {
                cluster.pods().stream()
                        .filter(other -> other != pod && isLiving(other) && !misled.contains(other))
                        .forEach(other -> kernel(other, network).stream()
                                .filter(has::contains)
                                .forEach(ip -> clashes.add(
                                        pod + " was given " + ip + " of " + network + " while " + other + " has it")));
            }
        }
    }

    /** A network as it should be on a pod, by what is written on that. */
    Network addressed(SimulatedPod pod, Network network) {
        Optional<Definition> definition = definition(network);
        if (definition.isEmpty()) {
            return network;
        }
        Set<IpAddr> written = ips(pod.status, network.name());
        List<InterfaceAddress> addresses = new ArrayList<>(network.addresses().stream()
                .filter(chosen -> written.contains(chosen.address()))
                .toList());
        for (Pool pool : network.pools()) {
            List<IpAddr> offered = written.stream()
                    .filter(ip -> isOffered(pod, pool, ip, definition.get()))
                    .toList();
            (offered.isEmpty() ? former(pool, network, written).stream() : offered.stream())
                    .map(pool::onLink)
                    .forEach(addresses::add);
        }
        return network.addressed(addresses);
    }

    /** What a pod keeps of a range that became too small, until there is another for it. */
    private static Optional<IpAddr> former(Pool pool, Network network, Set<IpAddr> written) {
        return written.stream()
                .filter(ip -> pool.subnet().contains(ip)
                        && network.routes().stream()
                                .noneMatch(route ->
                                        route.gateway().filter(ip::equals).isPresent()))
                .findFirst();
    }

    /** What is wrong with a member's addresses at rest, a line each; also tells whether it lacks one. */
    boolean lacks(SimulatedPod pod, Network network, List<String> faults) {
        if (definition(network).isEmpty()) {
            return false;
        }
        Definition definition = definition(network).get();
        Set<IpAddr> written = ips(pod.status, network.name());
        Names.check(pod, written, definition, faults);
        Set<IpAddr> others = cluster.pods().stream()
                .filter(other -> other != pod && isLiving(other))
                .flatMap(other -> ips(other.status, network.name()).stream())
                .collect(Collectors.toSet());
        boolean shares = isExempt(pod, network);
        written.stream()
                .filter(ip -> !shares && ofCheckedOthers(pod, network).contains(ip))
                .forEach(ip -> faults.add(pod + ": " + ip + " is another's too"));
        boolean lacks = false;
        for (InterfaceAddress chosen : network.addresses()) {
            if (!written.contains(chosen.address())) {
                lacks = true;
                if ((shares || !others.contains(chosen.address()))
                        && !Names.isReservedForAnother(pod, chosen.address(), definition)
                        && kept(network, definition) == 0) {
                    faults.add(pod + ": has not " + chosen + ", which nobody has");
                }
            }
        }
        for (Pool pool : network.pools()) {
            long has = written.stream()
                    .filter(ip -> isOffered(pod, pool, ip, definition))
                    .count();
            lacks |= has == 0;
            if (has > 1 || (has == 0 && used(pool, network, others).compareTo(pool.capacity()) < 0)) {
                faults.add(pod + ": has " + has + " addresses of " + pool + ", others have " + others);
            }
        }
        return lacks;
    }

    /** What others have that are not excepted. */
    private Set<IpAddr> ofCheckedOthers(SimulatedPod pod, Network network) {
        return cluster.pods().stream()
                .filter(other -> other != pod && isLiving(other) && !isExempt(other, network))
                .flatMap(other -> ips(other.status, network.name()).stream())
                .collect(Collectors.toSet());
    }

    /** Whether a pod may have what another has; nobody may in a subnet. */
    private static boolean isExempt(SimulatedPod pod, Network network) {
        return network.pools().isEmpty() && network.security().isExempt(pod.ref.namespace(), pod.labels);
    }

    private BigInteger used(Pool pool, Network network, Set<IpAddr> held) {
        Set<IpAddr> used = new HashSet<>(held);
        cluster.pods().stream()
                .filter(Subnets::isLiving)
                .flatMap(pod -> cluster.resolve(pod).networks().stream())
                .filter(other -> other.segment().equals(network.segment()))
                .flatMap(other -> other.addresses().stream())
                .forEach(chosen -> used.add(chosen.address()));
        Definition definition = definition(network).orElseThrow();
        definition.options().reserve().forEach(reservation -> used.add(reservation.address()));
        return BigInteger.valueOf(used.stream().filter(pool::offers).count() + kept(network, definition));
    }

    /** How many addresses may be kept for names that are away. */
    private long kept(Network network, Definition definition) {
        if (definition.pools().isEmpty()) {
            return 0;
        }
        List<String> in = cluster.pods().stream()
                .filter(Subnets::isLiving)
                .filter(pod -> cluster.resolve(pod).networks().stream()
                        .anyMatch(one -> one.segment().equals(network.segment())))
                .map(SimulatedPod::key)
                .toList();
        return Names.kept(definition, in, late);
    }

    private static boolean isOffered(SimulatedPod pod, Pool pool, IpAddr ip, Definition definition) {
        return pool.offers(ip) || (pool.subnet().contains(ip) && Names.isReservedFor(pod, ip, definition));
    }

    private Optional<Definition> definition(Network network) {
        return cluster.definitions().usable().values().stream()
                .filter(definition -> definition.segment().equals(network.segment())
                        && (!definition.pools().isEmpty() || network.security().mode() != Security.OFF))
                .findFirst();
    }

    private static boolean isLiving(SimulatedPod pod) {
        return pod.labelled && !pod.finished;
    }

    private static Set<IpAddr> kernel(SimulatedPod pod, String network) {
        return pod.kernel.observed().stream()
                .filter(link -> link.alias().equals(OwnershipMarkers.alias(Nets.PREFIX, network)))
                .flatMap(link -> link.addresses().stream())
                .filter(address -> address.owned())
                .map(address -> address.address().address())
                .collect(Collectors.toSet());
    }

    private static Set<IpAddr> ips(List<NetworkStatus> status, String... networks) {
        return status.stream()
                .filter(one -> Stream.of(networks).anyMatch(one.name()::equals))
                .flatMap(one -> one.ips().stream())
                .collect(Collectors.toSet());
    }
}
