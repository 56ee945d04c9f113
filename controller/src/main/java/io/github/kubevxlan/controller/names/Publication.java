package io.github.kubevxlan.controller.names;

import inet.ipaddr.IPAddress;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a Service publishes.
 *
 * @param service the Service
 * @param network its network
 * @param selector of the members that are meant
 * @param ports of its slices
 */
record Publication(ServiceSnapshot service, String network, Selector selector, List<SlicePort> ports) {
    private static final Set<State> USABLE = Set.of(State.READY, State.DEGRADED);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    Publication {
        ports = List.copyOf(ports);
    }

    /**
     * The addresses of a family, in the order of the pods' names.
     *
     * @param pods those of the Service's namespace
     */
    List<Endpoint> endpoints(Family family, Collection<PodNames> pods) {
        return pods.stream()
                .filter(pod -> service.publishesNotReady() || (pod.ready() && !pod.ends()))
                .filter(pod -> selector.matches(pod.labels()))
                .flatMap(pod -> endpoint(family, pod).stream())
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> endpoint.pod().name())
                        .thenComparing(Endpoint::key))
                .toList();
    }

    private Optional<Endpoint> endpoint(Family family, PodNames pod) {
        return pod.networks().stream()
                .filter(status -> status.name().equals(network))
                .filter(status -> status.isThere() && USABLE.contains(status.state()))
                .map(NetworkStatus::ips)
                .flatMap(List::stream)
                .filter(address -> address.family() == family && isPublishable(address.value()))
                .findFirst()
                .map(address -> endpoint(address, pod));
    }

    private static Endpoint endpoint(IpAddr address, PodNames pod) {
        String name = pod.hostname().isEmpty() ? pod.ref().name() : pod.hostname();
        return new Endpoint(
                address.toString(),
                LABEL.matcher(name).matches() ? name : "",
                pod.node(),
                pod.ref(),
                new Endpoint.Conditions(pod.ready(), pod.ends()));
    }

    /** What the API server takes in an EndpointSlice. One address that it refuses would keep a whole slice out. */
    private static boolean isPublishable(IPAddress address) {
        return !address.isLoopback()
                && !address.isLinkLocal()
                && !address.isMulticast()
                && !address.isZero()
                && !(address.isIPv6() && address.toIPv6().isIPv4Mapped());
    }
}
