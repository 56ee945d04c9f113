package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Reservation;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All whose addresses are kept go at once, others come who would like to have these, and they return: each has its own. */
final class Returns {
    private final SimulatedCluster cluster;
    private final Map<String, SimulatedPod> away = new TreeMap<>();

    Returns(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** Where nobody has a name that addresses are kept for, somebody comes. */
    void join() {
        for (String namespace : List.of("a", "b")) {
            for (String name : List.of("pod-0", "pod-1", "pod-2")) {
                if (cluster.pod(namespace + "/" + name).isEmpty()) {
                    start(cluster.create(namespace, name, Map.of(SimulatedCluster.KEYS.names(), Names.NETWORK)));
                }
            }
        }
    }

    void leave() {
        Optional.ofNullable(cluster.definitions().usable().get(Names.NETWORK))
                .ifPresent(definition -> cluster.pods().stream()
                        .filter(pod -> isKept(pod, definition))
                        .forEach(pod -> away.put(pod.key(), pod)));
        away.values().forEach(cluster::delete);
    }

    /** Edits the network in a way that changes no address, if it can; the controller keeps what it keeps for those away. */
    boolean edit() {
        String text = cluster.configMap().getOrDefault(Names.NETWORK, "");
        boolean can = text.startsWith("id=") && !text.contains("ttl=");
        if (can) {
            cluster.define(Map.of(Names.NETWORK, text + " ttl=9"));
        }
        return can;
    }

    void othersCome() {
        for (int i = 0; i < 2 && !away.isEmpty(); i++) {
            start(cluster.create("c", "late-" + i, Map.of(SimulatedCluster.KEYS.names(), Names.NETWORK)));
        }
    }

    void comeBack() {
        away.values().forEach(pod -> start(cluster.create(pod.ref.namespace(), pod.ref.name(), pod.annotations)));
    }

    void assertTheirOwn() {
        away.values()
                .forEach(pod -> assertEquals(
                        addresses(pod),
                        cluster.pod(pod.key()).map(Returns::addresses).orElseThrow(),
                        () -> "addresses that " + pod + " had, and has"));
    }

    /** How many left and returned. */
    int count() {
        return away.size();
    }

    private void start(SimulatedPod pod) {
        pod.startAgent();
        cluster.changed(pod);
    }

    /** An address that a pod chose by {@code ip} is not kept. */
    private boolean isKept(SimulatedPod pod, Definition definition) {
        Optional<Boolean> keeps =
                definition.options().keep().map(keep -> !keep.duration().isZero());
        return pod.isMember()
                && pod.agent == AgentState.RUNNING
                && !pod.deleting
                && keeps.orElse(pod.ref.kind() == NameKind.STATEFUL)
                && pod.ref.kind() != NameKind.PASSING
                && !addresses(pod).isEmpty()
                && cluster.resolve(pod).networks().stream()
                        .noneMatch(network -> network.name().equals(Names.NETWORK)
                                && !network.addresses().isEmpty())
                && definition.options().reserve().stream()
                        .allMatch(reservation -> reservation.isFor(pod.key())
                                ? addresses(pod).contains(reservation.address()) && isForNobodyElse(reservation, pod)
                                : !addresses(pod).contains(reservation.address()));
    }

    /** An address that is reserved for a name in any namespace is the one's who comes first. */
    private boolean isForNobodyElse(Reservation reservation, SimulatedPod pod) {
        return cluster.pods().stream().noneMatch(other -> other != pod && reservation.isFor(other.key()));
    }

    private static Set<IpAddr> addresses(SimulatedPod pod) {
        return pod.status.stream()
                .filter(status -> status.name().equals(Names.NETWORK))
                .map(status -> status.ips())
                .flatMap(List::stream)
                .collect(Collectors.toSet());
    }
}
