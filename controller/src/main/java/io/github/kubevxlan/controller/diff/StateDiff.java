package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedFilters.Guard;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedSecurity;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares what a pod can have of its wanted overlay ({@link PossibleOverlay}) with what its agent reported. What is left
 * of ours is deleted first, since the kernel allows one link a segment.
 */
public final class StateDiff {
    private final String prefix;
    private final DesiredPod want;
    private final PossibleOverlay possible;
    private final ObservedPod seen;
    private final Map<IfName, PeerTable> verified;

    private final List<NetOp> deletions = new ArrayList<>();
    private final List<NetOp> changes = new ArrayList<>();
    private final List<NetOp> entries = new ArrayList<>();
    private final List<IfName> unlisted = new ArrayList<>();
    private final Set<String> matched = new HashSet<>();
    private final Set<Filter> kept = new HashSet<>();
    private final Set<Filter> secured = new HashSet<>();
    private boolean deferred;

    private StateDiff(String prefix, DesiredPod want, ObservedPod seen, Map<IfName, PeerTable> verified) {
        this.prefix = prefix;
        this.want = want;
        this.possible = PossibleOverlay.of(prefix, want, seen);
        this.seen = seen;
        this.verified = verified;
    }

    /**
     * Gives the operations that lead from the observed state to the desired one.
     *
     * @param prefix the key prefix, our mark's first part
     * @param want the wanted overlay
     * @param seen the agent's report, its devices included
     * @param verified what each link's tables last were known to hold, entries for the pod itself included
     */
    public static Plan plan(String prefix, DesiredPod want, ObservedPod seen, Map<IfName, PeerTable> verified) {
        return new StateDiff(prefix, want, seen, verified).plan();
    }

    private Plan plan() {
        possible.links().forEach(this::link);
        seen.links().stream()
                .filter(this::ours)
                .filter(link -> !matched.contains(link.name()) && !stays(link))
                .forEach(link -> deletions.add(new NetOp.DelLink(new IfName(link.name()))));
        seen.filters().ifPresent(this::closeFilters);
        Set<NetOp> ops = new LinkedHashSet<>(deletions);
        ops.addAll(changes);
        ops.addAll(entries);
        return new Plan(List.copyOf(ops), unlisted, deferred, possible.problems(), possible.held(want));
    }

    /** A link that nothing was done to, since its definition can't be read or its successor can't be made. */
    private boolean stays(ObservedLink link) {
        return possible.retained().contains(link.name())
                || want.retained().covers(OwnershipMarkers.network(link.alias(), prefix));
    }

    /** Filters of links that stay as they are stay too, those of links that have another key prefix among them. */
    private void closeFilters(ObservedFilters there) {
        seen.links().stream()
                .filter(link -> !matched.contains(link.name()))
                .filter(link -> ours(link) ? stays(link) : OwnershipMarkers.isAnyPrefix(link.alias()))
                .flatMap(link -> link.vxlan().stream())
                .map(vxlan -> Filter.of(new SegmentKey(
                        vxlan.segment(), vxlan.local().map(IpAddr::isIpv6).orElse(false))))
                .forEach(filter -> {
                    kept.add(filter);
                    secured.add(filter);
                });
        List<IfName> guarded = guarded(there);
        if (kept.isEmpty() && guarded.isEmpty() && there.isThere()) {
            changes.add(new NetOp.DelFilters());
            return;
        }
        if (!there.guard().equals(new Guard(guarded.stream().map(IfName::value).toList(), true))) {
            changes.add(new NetOp.SetGuard(guarded));
        }
        there.whole().keySet().stream()
                .filter(filter -> !kept.contains(filter))
                .sorted(Comparator.comparing(Filter::name))
                .forEach(filter -> changes.add(new NetOp.DelFilter(filter)));
        there.security().modes().keySet().stream()
                .filter(filter -> !secured.contains(filter))
                .sorted(Comparator.comparing(Filter::name))
                .forEach(filter -> changes.add(new NetOp.DelSecurity(filter)));
    }

    /** The links that take no router advertisements and redirects: wanted ones, and those that stay as they are and took none. */
    private List<IfName> guarded(ObservedFilters there) {
        Stream<IfName> wanted = possible.links().stream()
                .map(PossibleLink::link)
                .filter(DesiredLink::isGuarded)
                .map(DesiredLink::name);
        Set<String> guards = new HashSet<>(there.guard().links());
        Stream<IfName> staying = seen.links().stream()
                .filter(link -> !matched.contains(link.name()) && guards.contains(link.name()))
                .filter(link -> ours(link) ? stays(link) : OwnershipMarkers.isAnyPrefix(link.alias()))
                .map(link -> new IfName(link.name()));
        return Stream.concat(wanted, staying)
                .distinct()
                .sorted(Comparator.comparing(IfName::value))
                .toList();
    }

    private void filter(DesiredLink wanted) {
        if (wanted.filter().isEmpty() || seen.filters().isEmpty()) {
            return;
        }
        Filter filter = wanted.filter().get();
        kept.add(filter);
        if (!seen.filters().get().isWhole(filter)) {
            changes.add(new NetOp.PutFilter(filter));
            changes.addAll(EntryDiff.all(wanted, Entry.Admitted.class));
        }
        if (wanted.security() != Security.OFF) {
            secure(filter, wanted, seen.filters().get().security());
        }
    }

    /** What members may send is known before anything else is refused. */
    private void secure(Filter filter, DesiredLink wanted, ObservedSecurity there) {
        secured.add(filter);
        if (!there.isWhole(filter, wanted.security())) {
            changes.add(new NetOp.PutSecurity(filter, wanted.security()));
            changes.addAll(EntryDiff.all(wanted, Entry.Permitted.class));
        }
    }

    private void link(PossibleLink one) {
        DesiredLink wanted = one.link();
        LinkDiff diff = new LinkDiff(prefix, one, seen);
        filter(wanted);
        if (one.there().isEmpty()) {
            changes.addAll(diff.created());
            entries.addAll(EntryDiff.ops(wanted, PeerTable.NONE));
            return;
        }
        ObservedLink there = one.there().get();
        matched.add(there.name());
        if (there.name().equals(wanted.name().value())) {
            changes.addAll(diff.inPlace());
            if (diff.dropsNeighbours()) {
                entries.addAll(EntryDiff.all(wanted, Entry.Neighbour.class));
            }
            deferred |= there.hasUnreadQdisc();
            entries(wanted, Optional.ofNullable(seen.fdb().get(there.name())));
        } else {
            changes.addAll(diff.renamed());
            deferred = true;
        }
    }

    private void entries(DesiredLink wanted, Optional<FdbView> view) {
        Optional<List<NetOp>> ops =
                view.flatMap(known -> EntryDiff.ops(wanted, known, Optional.ofNullable(verified.get(wanted.name()))));
        ops.ifPresentOrElse(entries::addAll, () -> unlisted.add(wanted.name()));
    }

    private boolean ours(ObservedLink link) {
        return link.vxlan().isPresent() && OwnershipMarkers.isOurs(link.alias(), prefix);
    }
}
