package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.names.PodNames;
import io.github.kubevxlan.controller.names.ServiceSnapshot;
import io.github.kubevxlan.controller.names.api.ServiceMapper;
import io.github.kubevxlan.controller.names.api.SliceMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches the Services of one scope, and the EndpointSlices of ours. Nobody can ask for Services by an annotation, so all
 * come, and of those that name no network nothing but the name is kept.
 */
final class NamesWatch implements AutoCloseable {
    private final ServiceMapper mapper;
    private final PodNamesMapper pods;
    private final Runnable changed;
    private final Watch<Service> services;
    private final Watch<EndpointSlice> slices;
    private volatile boolean isListed;
    private volatile Map<String, Read> read = Map.of();

    /** What was read of a pod of some version. */
    private record Read(long version, Optional<PodNames> names) {}

    NamesWatch(Scope scope, Keys keys, PodMapper pods, Runnable changed) {
        this.mapper = new ServiceMapper(keys);
        this.pods = new PodNamesMapper(pods);
        this.changed = changed;
        services = new Watch<>(scope.services(), mapper::stripped, _ -> changed.run());
        slices = new Watch<>(
                scope.slices().withLabel(SliceMapper.MANAGED_BY, SliceMapper.OURS),
                SliceMapper::stripped,
                _ -> changed.run());
    }

    /** Lists everything. Nobody waits for that: until it is there, nothing is published or taken back. */
    void start() {
        var _ = services.start().thenCombine(slices.start(), (_, _) -> true).thenRun(() -> {
            isListed = true;
            changed.run();
        });
    }

    /** Whether everything was listed. */
    boolean isListed() {
        return isListed;
    }

    /** What names follow from; of pods those that are in one namespace with a Service that names a network. */
    NamesView view(Definitions definitions, List<Pod> all) {
        List<ServiceSnapshot> asking = services.all().stream()
                .flatMap(service -> mapper.snapshot(service).stream())
                .toList();
        Set<String> namespaces =
                asking.stream().map(service -> service.ref().namespace()).collect(Collectors.toSet());
        return new NamesView(
                definitions,
                asking,
                names(all.stream()
                        .filter(pod -> namespaces.contains(pod.getMetadata().getNamespace()))
                        .toList()),
                slices.all().stream()
                        .flatMap(slice -> SliceMapper.observed(slice).stream())
                        .toList());
    }

    /** A pod that did not change is not read again: its status is the larger part of the work. */
    private List<PodNames> names(List<Pod> all) {
        Map<String, Read> before = read;
        Map<String, Read> now = HashMap.newHashMap(all.size());
        List<PodNames> names = new ArrayList<>();
        for (Pod pod : all) {
            Read known = before.get(pod.getMetadata().getUid());
            Read current = known != null && known.version() == PodMapper.version(pod)
                    ? known
                    : new Read(PodMapper.version(pod), pods.names(pod));
            now.put(pod.getMetadata().getUid(), current);
            current.names().ifPresent(names::add);
        }
        read = now;
        return names;
    }

    /** What is kept of a pod. */
    Pod stripped(Pod pod) {
        return pods.stripped(pod);
    }

    /** A pod came, changed or left. */
    void podChanged() {
        changed.run();
    }

    @Override
    public void close() {
        services.close();
        slices.close();
    }
}
