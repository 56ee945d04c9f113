package io.github.kubevxlan.e2e.bench;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Slices;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What watches of our own show of a namespace with one Service: who shall have a name, who has one, and who leads. */
final class NamesWatch implements AutoCloseable {
    private final Latest<Set<Named>> wanted = new Latest<>(Set.of());
    private final Latest<Set<Named>> written = new Latest<>(Set.of());
    private final Latest<String> leader = new Latest<>("");
    private final List<SharedIndexInformer<?>> informers;

    NamesWatch(String namespace) {
        KubernetesClient client = Cluster.client();
        informers = List.of(
                client.pods()
                        .inNamespace(namespace)
                        .inform(all((Collection<Pod> pods) -> wanted.set(
                                pods.stream().flatMap(NamesWatch::wanted).collect(Collectors.toSet())))),
                client.discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(namespace)
                        .inform(all((Collection<EndpointSlice> slices) -> written.set(
                                slices.stream().flatMap(NamesWatch::written).collect(Collectors.toSet())))),
                client.leases()
                        .inNamespace(Cluster.SYSTEM)
                        .withName(Cluster.CONTROLLER)
                        .inform(all((Collection<Lease> leases) -> leases.forEach(lease ->
                                leader.set(String.valueOf(lease.getSpec().getHolderIdentity()))))));
    }

    /** The names of those members that are ready and stay. */
    Latest.Moment<Set<Named>> wanted() {
        return wanted.get();
    }

    /** The names in slices, of anybody. */
    Latest.Moment<Set<Named>> written() {
        return written.get();
    }

    /** Who holds the controllers' Lease. */
    Latest.Moment<String> leader() {
        return leader.get();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private static Stream<Named> wanted(Pod pod) {
        String host = Optional.ofNullable(pod.getSpec().getHostname())
                .orElseGet(() -> pod.getMetadata().getName());
        return Pods.stays(pod) && Pods.notReady(pod).isEmpty()
                ? Slices.addresses(pod).stream().map(address -> Named.of(host, address))
                : Stream.empty();
    }

    private static Stream<Named> written(EndpointSlice slice) {
        return slice.getEndpoints().stream()
                .flatMap(endpoint ->
                        endpoint.getAddresses().stream().map(address -> Named.of(endpoint.getHostname(), address)));
    }

    /** Hands on all objects that there are, after each change. */
    private static <T extends HasMetadata> ResourceEventHandler<T> all(Consumer<Collection<T>> changed) {
        Map<String, T> there = new ConcurrentHashMap<>();
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T now) {
                there.put(now.getMetadata().getName(), now);
                changed.accept(there.values());
            }

            @Override
            public void onUpdate(T before, T now) {
                onAdd(now);
            }

            @Override
            public void onDelete(T last, boolean unknownFinalState) {
                there.remove(last.getMetadata().getName());
                changed.accept(there.values());
            }
        };
    }
}
