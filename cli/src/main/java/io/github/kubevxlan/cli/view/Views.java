package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Broken;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Options;
import io.github.kubevxlan.common.spec.Pool;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.spec.Reservation;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes what is shown of what is known. */
public final class Views {
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private Views() {}

    /** All networks, broken ones too, in order of their names. */
    public static List<NetworkView> networks(ClusterState cluster) {
        List<NetworkView> views = new ArrayList<>();
        cluster.definitions().usable().values().forEach(definition -> views.add(usable(cluster, definition)));
        cluster.definitions().broken().values().forEach(entry -> views.add(broken(cluster, entry)));
        views.sort(Comparator.comparing(NetworkView::name));
        return views;
    }

    /** The labelled pods, in order of namespace and name. */
    public static List<PodView> pods(ClusterState cluster) {
        return cluster.pods().stream().map(pod -> pod(cluster, pod)).toList();
    }

    /** One pod. */
    public static PodView pod(ClusterState cluster, PodFacts pod) {
        PodSnapshot snapshot = pod.snapshot();
        return new PodView(
                new PodView.Identity(
                        snapshot.ref().namespace(),
                        snapshot.ref().name(),
                        snapshot.node(),
                        snapshot.ips().stream().map(IpAddr::toString).toList()),
                new PodView.Sidecar(agent(snapshot.agent()), pod.agentImage()),
                PodStates.of(cluster, pod),
                networks(cluster, pod));
    }

    /** The served pods that are in a network: others may send to them there. */
    public static List<PodFacts> members(ClusterState cluster, String network) {
        return cluster.served().stream()
                .filter(pod -> pod.snapshot().reachable())
                .filter(pod -> cluster.resolve(pod).networks().stream()
                        .anyMatch(its -> its.name().equals(network)))
                .toList();
    }

    /** The networks that are written on a pod and that it keeps, whatever it should have: their definitions cannot be read. */
    public static Stream<NetworkStatus> kept(ClusterState cluster, PodFacts pod) {
        boolean isUnknown = cluster.incomparable(pod).isPresent();
        return pod.snapshot().observedStatus().status().networks().stream()
                .filter(_ -> pod.snapshot().reachable())
                .filter(status -> isUnknown || cluster.definitions().broken().containsKey(status.name()));
    }

    private static NetworkView usable(ClusterState cluster, Definition definition) {
        List<Pool> pools = definition.pools();
        Set<IpAddr> used = statuses(cluster, definition.name())
                .flatMap(status -> status.ips().stream())
                .filter(ip -> pools.stream().anyMatch(pool -> pool.offers(ip)))
                .collect(Collectors.toSet());
        return new NetworkView(
                new NetworkView.Identity(
                        definition.name(),
                        definition.segment().vni().value(),
                        definition.segment().port().value(),
                        definition.options().family().map(Family::toString).orElse("pod")),
                new NetworkView.Pods(members(cluster, definition.name()).size(), ready(cluster, definition.name())),
                new NetworkView.Addresses(
                        definition.options().subnet().stream()
                                .map(Cidr::toString)
                                .toList(),
                        used.size(),
                        pools.stream()
                                .map(pool -> free(pool, used, definition.options()))
                                .min(Comparator.naturalOrder())
                                .orElse(null)),
                access(definition.options()),
                List.of());
    }

    /** A pod of any name is given no reserved address. */
    private static Long free(Pool pool, Set<IpAddr> used, Options options) {
        long taken = Stream.concat(used.stream(), options.reserve().stream().map(Reservation::address))
                .filter(pool::offers)
                .distinct()
                .count();
        return pool.capacity().subtract(BigInteger.valueOf(taken)).min(MOST).longValue();
    }

    private static NetworkView broken(ClusterState cluster, Broken entry) {
        return new NetworkView(
                new NetworkView.Identity(entry.name(), null, null, ""),
                new NetworkView.Pods(statuses(cluster, entry.name()).count(), ready(cluster, entry.name())),
                NetworkView.Addresses.NONE,
                access(entry.options()),
                entry.problems().stream().map(Problem::toString).toList());
    }

    private static NetworkView.Access access(Options options) {
        return new NetworkView.Access(options.namespaces(), options.isDefault().orElse(false));
    }

    private static long ready(ClusterState cluster, String network) {
        return statuses(cluster, network)
                .filter(status -> status.state() == NetworkStatus.State.READY)
                .count();
    }

    private static Stream<NetworkStatus> statuses(ClusterState cluster, String network) {
        return cluster.served().stream()
                .filter(pod -> pod.snapshot().reachable())
                .flatMap(pod -> pod.snapshot().observedStatus().status().networks().stream())
                .filter(status -> status.name().equals(network));
    }

    /** What is written on the pod, then what it names and has no word of. */
    private static List<PodNetworkView> networks(ClusterState cluster, PodFacts pod) {
        List<NetworkStatus> written = pod.snapshot().observedStatus().status().networks();
        Resolution resolution = cluster.resolve(pod);
        Stream<PodNetworkView> named = Stream.concat(
                        resolution.networks().stream().map(Views::unwritten),
                        resolution.definitionProblems().stream()
                                .map(missing -> without(missing.network(), null, "Unavailable", missing.toString())))
                .filter(view -> cluster.incomparable(pod).isEmpty()
                        && written.stream().noneMatch(status -> status.name().equals(view.name())));
        return Stream.concat(written.stream().map(Views::written), named).toList();
    }

    private static PodNetworkView unwritten(Network network) {
        return without(network.name(), network.vni().value(), "Unknown", "");
    }

    private static PodNetworkView without(String name, @Nullable Integer vni, String state, String message) {
        return new PodNetworkView(name, vni, PodNetworkView.Link.NONE, state, message);
    }

    private static PodNetworkView written(NetworkStatus status) {
        return new PodNetworkView(
                status.name(),
                status.vni().isPresent() ? status.vni().get().value() : null,
                new PodNetworkView.Link(
                        status.ifName().map(IfName::value).orElse(""),
                        status.ips().stream().map(IpAddr::toString).toList(),
                        status.mac().map(Mac::value).orElse(""),
                        status.mtu().isPresent() ? status.mtu().getAsInt() : null),
                switch (status.state()) {
                    case CLAIMED -> "Claimed";
                    case READY -> PodStates.READY;
                    case DEGRADED -> "Degraded";
                    case PENDING -> "Pending";
                    case UNAVAILABLE -> "Unavailable";
                },
                status.message());
    }

    private static String agent(PodSnapshot.AgentState state) {
        return switch (state) {
            case NONE -> "None";
            case OF_WINDOWS -> "Windows";
            case OF_STATIC_POD -> "Static";
            case WAITING -> "Waiting";
            case RUNNING, ALONE -> "Running";
        };
    }
}
