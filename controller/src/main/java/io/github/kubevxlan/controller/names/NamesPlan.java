package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Parsed;
import io.github.kubevxlan.common.spec.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be done so that the EndpointSlices are as the Services want them. Pure.
 *
 * @param changes to slices, what adds addresses first
 * @param problems why a Service publishes nothing, by Service
 */
public record NamesPlan(List<SliceChange> changes, Map<ServiceRef, List<Problem>> problems) {
    private static final NamesPlan NOTHING = new NamesPlan(List.of(), Map.of());

    public NamesPlan {
        changes = List.copyOf(changes);
        problems = Map.copyOf(problems);
    }

    /** Compares what is wanted with what is there. Without definitions nobody knows who may publish, and all stays. */
    public static NamesPlan of(Keys keys, NamesView view) {
        if (!view.definitions().isPresent()) {
            return NOTHING;
        }
        ServiceCheck check = new ServiceCheck(keys, view.definitions());
        Map<ServiceRef, List<Problem>> problems = new HashMap<>();
        List<Publication> publications = new ArrayList<>();
        for (List<ServiceSnapshot> services :
                byNamespace(view.services(), one -> one.ref().namespace())) {
            List<ServiceSnapshot> oldest = services.stream()
                    .sorted(Comparator.comparing(ServiceSnapshot::created)
                            .thenComparing(service -> service.ref().name()))
                    .toList();
            for (int i = 0; i < oldest.size(); i++) {
                ServiceSnapshot service = oldest.get(i);
                Parsed<Publication> read = check.check(service);
                if (i >= ServiceCheck.MOST_SERVICES) {
                    problems.put(service.ref(), List.of(check.tooMany(service)));
                } else if (read.problems().isEmpty()) {
                    publications.add(read.value());
                } else {
                    problems.put(service.ref(), read.problems());
                }
            }
        }
        return new NamesPlan(changes(view, publications), problems);
    }

    /** Whose slices they are. */
    private record Group(ServiceRef service, Family family) {
        static Group of(Slice slice) {
            return new Group(slice.service(), slice.family());
        }
    }

    private static List<SliceChange> changes(NamesView view, List<Publication> publications) {
        Map<String, List<PodNames>> pods = view.pods().stream()
                .collect(Collectors.groupingBy(pod -> pod.ref().namespace()));
        Map<Group, List<ObservedSlice>> observed = view.slices().stream()
                .collect(Collectors.groupingBy(one -> Group.of(one.slice()), LinkedHashMap::new, Collectors.toList()));
        List<SliceChange> changes = new ArrayList<>();
        for (Publication publication : publications) {
            ServiceRef service = publication.service().ref();
            List<PodNames> nearby = pods.getOrDefault(service.namespace(), List.of());
            for (Family family : Family.values()) {
                List<ObservedSlice> there = observed.remove(new Group(service, family));
                changes.addAll(SlicePacking.pack(
                        service,
                        family,
                        publication.ports(),
                        publication.endpoints(family, nearby),
                        there == null ? List.of() : there));
            }
        }
        observed.values().stream()
                .flatMap(List::stream)
                .map(one -> new SliceChange.Delete(one.slice(), one.version()))
                .forEach(changes::add);
        changes.sort(Comparator.comparingInt(NamesPlan::order));
        return changes;
    }

    private static int order(SliceChange change) {
        return switch (change) {
            case SliceChange.Create _ -> 0;
            case SliceChange.Update _ -> 1;
            case SliceChange.Delete _ -> 2;
        };
    }

    private static <T> Iterable<List<T>> byNamespace(List<T> all, Function<T, String> namespace) {
        return all.stream().collect(Collectors.groupingBy(namespace)).values();
    }
}
