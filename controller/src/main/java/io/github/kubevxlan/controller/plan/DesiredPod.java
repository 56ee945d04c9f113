package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Route;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The overlay as one pod should have it.
 *
 * @param links each link once, by name and by segment; may be empty
 * @param frozen links that stay as they are, since what is declared of them can't be read now
 * @param missing why a declared network can't be had now; empty if all are here
 */
public record DesiredPod(List<DesiredLink> links, Frozen frozen, List<Obstacle> missing) {
    /** Of a pod in no network: what is left of ours goes. */
    public static final DesiredPod NONE = new DesiredPod(List.of(), Frozen.NOTHING, List.of());

    public DesiredPod {
        links = List.copyOf(links);
        missing = List.copyOf(missing);
    }

    /** What it holds of a segment's members; empty if it is not in the segment. */
    public Optional<Vteps> vteps(SegmentKey segment) {
        return links.stream()
                .filter(link -> link.segment().equals(segment))
                .findFirst()
                .map(DesiredLink::vteps);
    }

    /** Whether it differs from the other in nothing but entries for other pods. */
    public boolean differsInVtepsOnly(DesiredPod other) {
        return frozen.equals(other.frozen)
                && missing.equals(other.missing)
                && links.size() == other.links.size()
                && IntStream.range(0, links.size()).allMatch(i -> links.get(i).differsInVtepsOnly(other.links.get(i)));
    }

    /** Whether entries for other pods lead here from another want, and none of these pods is in the way of an address. */
    public boolean needsWaveAfter(DesiredPod last) {
        return differsInVtepsOnly(last) && !Underlay.isCovered(this);
    }

    /** Where its routes lead, each destination once. */
    public List<Cidr> destinations() {
        return links.stream()
                .flatMap(link -> link.network().routes().stream())
                .map(Route::destination)
                .distinct()
                .toList();
    }

    /** The same for a pod whose kernel or agent can't filter packets. */
    public DesiredPod unfiltered() {
        return new DesiredPod(links.stream().map(DesiredLink::unfiltered).toList(), frozen, missing);
    }

    /** Whether packets are to be filtered in it. */
    public boolean isFiltered() {
        return links.stream().anyMatch(link -> link.filter().isPresent());
    }

    /** Whether the links are all that the pod declares, so that its containers may start once they are there. */
    public boolean complete() {
        return missing.isEmpty();
    }
}
