package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which network has which segment. A network that sets no family is in that of each pod's primary address, which only
 * the pod knows; so it has its VNI and port in both families.
 */
final class SegmentOwners {
    private final Map<Segment, List<Owner>> ownersBySegment = new HashMap<>();

    private record Owner(String network, Optional<Family> family) {}

    /** Gives a network a segment unless another has it; tells who has it then. */
    String claim(String network, Segment segment, Optional<Family> family) {
        return owner(segment, family).orElseGet(() -> {
            ownersBySegment.computeIfAbsent(segment, _ -> new ArrayList<>()).add(new Owner(network, family));
            return network;
        });
    }

    /** The first network whose pods may hear those that have a VNI and port in a family, or in that of a pod's own. */
    Optional<String> owner(Segment segment, Optional<Family> family) {
        return ownersBySegment.getOrDefault(segment, List.of()).stream()
                .filter(owner -> mayBeOne(owner.family(), family))
                .map(Owner::network)
                .findFirst();
    }

    /** Whether both may be one and the same. */
    static boolean mayBeOne(Optional<Family> one, Optional<Family> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }
}
