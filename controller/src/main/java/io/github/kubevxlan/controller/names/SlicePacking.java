package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.util.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts the addresses of one Service and family into slices so that few of them change: an address stays where it is, a new
 * one goes where something changes anyway, else into the fullest slice with room. Pure.
 */
final class SlicePacking {
    private static final int HASH_BYTES = 4;

    private final ServiceRef service;
    private final Family family;
    private final List<SlicePort> ports;
    private final List<Draft> drafts;

    /** A slice that is there, and what it shall hold. */
    private static final class Draft {
        private final ObservedSlice observed;
        private final List<Endpoint> endpoints = new ArrayList<>();

        Draft(ObservedSlice observed) {
            this.observed = observed;
        }

        Slice slice(List<SlicePort> ports) {
            Slice slice = observed.slice();
            return new Slice(slice.name(), slice.service(), slice.family(), ports, endpoints);
        }

        boolean changes(List<SlicePort> ports) {
            return !observed.isWhole() || !slice(ports).equals(observed.slice());
        }

        int room() {
            return Slice.MOST - endpoints.size();
        }
    }

    private SlicePacking(ServiceRef service, Family family, List<SlicePort> ports, List<ObservedSlice> observed) {
        this.service = service;
        this.family = family;
        this.ports = ports;
        this.drafts = observed.stream()
                .sorted(Comparator.comparing(one -> one.slice().name()))
                .map(Draft::new)
                .toList();
    }

    /**
     * What is to be done.
     *
     * @param wanted the addresses, each once
     * @param observed the slices of that Service and family
     */
    static List<SliceChange> pack(
            ServiceRef service,
            Family family,
            List<SlicePort> ports,
            List<Endpoint> wanted,
            List<ObservedSlice> observed) {
        return new SlicePacking(service, family, ports, observed).pack(wanted);
    }

    private List<SliceChange> pack(List<Endpoint> wanted) {
        List<Endpoint> added = fill(keep(wanted));
        List<SliceChange> changes = new ArrayList<>();
        Set<String> names = drafts.stream()
                .map(draft -> draft.observed.slice().name())
                .collect(Collectors.toCollection(HashSet::new));
        for (int from = 0; from < added.size(); from += Slice.MOST) {
            List<Endpoint> some = added.subList(from, Math.min(added.size(), from + Slice.MOST));
            changes.add(new SliceChange.Create(new Slice(name(names), service, family, ports, some)));
        }
        for (Draft draft : drafts) {
            Slice slice = draft.slice(ports);
            if (slice.endpoints().isEmpty()) {
                changes.add(new SliceChange.Delete(draft.observed.slice(), draft.observed.version()));
            } else if (draft.changes(ports)) {
                changes.add(new SliceChange.Update(slice, draft.observed.version()));
            }
        }
        return changes;
    }

    /** Leaves what is wanted where it is, once; gives the rest. */
    private List<Endpoint> keep(List<Endpoint> wanted) {
        Map<String, Endpoint> left = new LinkedHashMap<>();
        wanted.forEach(endpoint -> left.put(endpoint.key(), endpoint));
        for (Draft draft : drafts) {
            for (Endpoint there : draft.observed.slice().endpoints()) {
                Endpoint now = draft.endpoints.size() < Slice.MOST ? left.remove(there.key()) : null;
                if (now != null) {
                    draft.endpoints.add(now);
                }
            }
        }
        return List.copyOf(left.values());
    }

    /** Puts what is new where there is room; gives the rest. */
    private List<Endpoint> fill(List<Endpoint> added) {
        List<Draft> open = drafts.stream()
                .filter(draft -> draft.room() > 0)
                .sorted(Comparator.comparing((Draft draft) -> !draft.changes(ports))
                        .thenComparingInt(Draft::room))
                .toList();
        int next = 0;
        for (Draft draft : open) {
            int count = Math.min(draft.room(), added.size() - next);
            draft.endpoints.addAll(added.subList(next, next + count));
            next += count;
        }
        return added.subList(next, added.size());
    }

    /** The first name that no slice has; it tells a Service's slices from those of one that had its name earlier. */
    private String name(Set<String> taken) {
        for (int number = 0; ; number++) {
            String name = "%s-vxlan-%s-%s-%d"
                    .formatted(
                            service.name(),
                            family,
                            HexFormat.of().formatHex(Sha256.of(service.uid()), 0, HASH_BYTES),
                            number);
            if (taken.add(name)) {
                return name;
            }
        }
    }
}
