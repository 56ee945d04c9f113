package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The overlay as one pod should have it.
 *
 * @param links each link once, by name and by segment; may be empty
 * @param retained links that stay as they are, since what is declared of them can't be read now
 * @param missing why the pod can't have a declared network now; empty if all are here
 */
public record DesiredPod(List<DesiredLink> links, RetainedLinks retained, List<NetworkProblem> missing) {
    /** The desired state of a pod in no network: none of our objects stays. */
    public static final DesiredPod NONE = new DesiredPod(List.of(), RetainedLinks.NOTHING, List.of());

    public DesiredPod {
        links = List.copyOf(links);
        missing = List.copyOf(missing);
    }

    /** The same with other impairments on one link. */
    public DesiredPod impaired(IfName name, Impairments impairments) {
        List<DesiredLink> all = links.stream()
                .map(link -> link.name().equals(name) ? link.with(link.network().impaired(impairments)) : link)
                .toList();
        return new DesiredPod(all, retained, missing);
    }

    /** Whether one of its links is to have a qdisc. */
    public boolean isImpaired() {
        return links.stream().anyMatch(link -> !link.network().impairments().areNone());
    }

    /** What it holds of a segment's members; empty if it is not in the segment. */
    public Optional<PeerTable> peers(SegmentKey segment) {
        return links.stream()
                .filter(link -> link.segment().equals(segment))
                .findFirst()
                .map(DesiredLink::peers);
    }

    /** Whether it differs from the other in nothing but entries for other pods. */
    public boolean differsInPeersOnly(DesiredPod other) {
        return retained.equals(other.retained)
                && missing.equals(other.missing)
                && links.size() == other.links.size()
                && IntStream.range(0, links.size()).allMatch(i -> links.get(i).differsInPeersOnly(other.links.get(i)));
    }

    /** Whether it has each link of the other, under its name and with its entries. */
    public boolean hasTablesOf(DesiredPod other) {
        return links.size() == other.links.size()
                && IntStream.range(0, links.size()).allMatch(i -> links.get(i).hasTableOf(other.links.get(i)));
    }

    /** The same links with the entries of another's, which has the same ones. */
    public DesiredPod withTablesOf(DesiredPod other) {
        List<DesiredLink> all = IntStream.range(0, links.size())
                .mapToObj(i -> other.links.get(i).with(links.get(i).network()))
                .toList();
        return new DesiredPod(all, other.retained, other.missing);
    }

    /** Its links of those networks that another has a link of. */
    public DesiredPod only(DesiredPod held) {
        List<DesiredLink> rest = links.stream()
                .filter(link -> held.link(link.network().name()).isPresent())
                .toList();
        return rest.size() == links.size() ? this : new DesiredPod(rest, retained, missing);
    }

    /** The link of a network. */
    public Optional<DesiredLink> link(String network) {
        return links.stream()
                .filter(link -> link.network().name().equals(network))
                .findFirst();
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
        return new DesiredPod(links.stream().map(DesiredLink::unfiltered).toList(), retained, missing);
    }

    /** The same for a pod whose agent does not know port security. */
    public DesiredPod unsecured() {
        return new DesiredPod(links.stream().map(DesiredLink::unsecured).toList(), retained, missing);
    }

    /** Whether it is to check what members send. */
    public boolean isSecured() {
        return links.stream().anyMatch(link -> link.secured().isPresent());
    }

    /** Whether packets are to be filtered in it, those of strangers, or router advertisements and redirects. */
    public boolean isFiltered() {
        return links.stream().anyMatch(link -> link.filter().isPresent() || link.isGuarded());
    }

    /** Whether the links are all that the pod declares, so that its containers may start once they are there. */
    public boolean complete() {
        return missing.isEmpty();
    }
}
