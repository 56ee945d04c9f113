package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.plan.ObservedLink.Vxlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a pod's wanted overlay with what its agent reported.
 *
 * <p>A wanted link is matched with the device of its name or, where that is gone, with a link of ours in its segment,
 * which is renamed. A VXLAN link of the right name and segment without our mark is adopted: the older controller set
 * none. Any other device of that name is foreign and stays, and the network is reported as a problem. What is left of
 * ours is deleted first, since the kernel allows one link a segment.
 */
public final class StateDiff {
    private final String prefix;
    private final DesiredPod want;
    private final ObservedPod seen;
    private final Map<IfName, Vteps> confirmed;

    private final List<NetOp> deletions = new ArrayList<>();
    private final List<NetOp> changes = new ArrayList<>();
    private final List<NetOp> entries = new ArrayList<>();
    private final List<IfName> unlisted = new ArrayList<>();
    private final List<Obstacle> problems = new ArrayList<>();
    private final Set<String> matched = new HashSet<>();
    private final Set<Filter> kept = new HashSet<>();
    private boolean deferred;

    private StateDiff(String prefix, DesiredPod want, ObservedPod seen, Map<IfName, Vteps> confirmed) {
        this.prefix = prefix;
        this.want = want;
        this.seen = seen;
        this.confirmed = confirmed;
    }

    /**
     * Gives what leads from what was seen to what is wanted.
     *
     * @param prefix the key prefix, our mark's first part
     * @param want the wanted overlay
     * @param seen the agent's report, its devices included
     * @param confirmed what each link's tables last were known to hold, entries for the pod itself included
     */
    public static Plan plan(String prefix, DesiredPod want, ObservedPod seen, Map<IfName, Vteps> confirmed) {
        return new StateDiff(prefix, want, seen, confirmed).plan();
    }

    private Plan plan() {
        want.links().forEach(this::link);
        seen.links().stream()
                .filter(this::ours)
                .filter(link -> !matched.contains(link.name()))
                .filter(link -> !want.frozen().covers(Marks.network(link.alias(), prefix)))
                .forEach(link -> deletions.add(new NetOp.DelLink(new IfName(link.name()))));
        seen.filters().ifPresent(this::closeFilters);
        Set<NetOp> ops = new LinkedHashSet<>(deletions);
        ops.addAll(changes);
        ops.addAll(entries);
        return new Plan(List.copyOf(ops), unlisted, deferred, problems);
    }

    /** Filters of links that stay as they are stay too. */
    private void closeFilters(ObservedFilters there) {
        seen.links().stream()
                .filter(link -> ours(link) && want.frozen().covers(Marks.network(link.alias(), prefix)))
                .flatMap(link -> link.vxlan().stream())
                .map(vxlan -> Filter.of(new SegmentKey(
                        vxlan.segment(), vxlan.local().map(IpAddr::isIpv6).orElse(false))))
                .forEach(kept::add);
        if (kept.isEmpty() && there.isThere()) {
            changes.add(new NetOp.DelFilters());
            return;
        }
        there.whole().keySet().stream()
                .filter(filter -> !kept.contains(filter))
                .sorted(Comparator.comparing(Filter::name))
                .forEach(filter -> changes.add(new NetOp.DelFilter(filter)));
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
    }

    private void link(DesiredLink wanted) {
        Optional<ObservedLink> dev = seen.link(wanted.network().dev().value());
        if (dev.isEmpty()) {
            problem(wanted, "there is no underlay device " + wanted.network().dev());
            seen.link(wanted.name().value()).ifPresent(left -> matched.add(left.name()));
            return;
        }
        int mtu = LinkDiff.mtu(wanted, dev.get().mtu());
        if (mtu < 0) {
            problem(
                    wanted,
                    "mtu " + wanted.network().mtu() + " is over what "
                            + wanted.network().dev() + " carries, " + -mtu + " octets");
            seen.link(wanted.name().value()).ifPresent(left -> matched.add(left.name()));
            return;
        }
        Optional<String> conflict = Underlay.conflict(want, wanted, seen);
        conflict.ifPresent(words -> problem(wanted, words));
        LinkDiff diff = new LinkDiff(prefix, wanted, mtu, seen, conflict.isEmpty());
        diff.blockedRoutes().forEach(words -> problem(wanted, words));
        Optional<ObservedLink> named = seen.link(wanted.name().value());
        Optional<ObservedLink> sibling = sibling(wanted);
        if (named.isPresent()) {
            existing(wanted, diff, named.get());
        } else if (sibling.isPresent()
                && ours(sibling.get())
                && !isWanted(sibling.get().name())) {
            matched.add(sibling.get().name());
            filter(wanted);
            changes.addAll(diff.renamed(sibling.get()));
            entries.addAll(EntryDiff.all(wanted, Entry.Neighbour.class));
            deferred = true;
        } else if (sibling.isPresent() && !ours(sibling.get())) {
            problem(
                    wanted,
                    "device " + sibling.get().name() + " has VNI "
                            + wanted.network().vni() + " already and is not ours");
        } else {
            create(wanted, diff);
        }
    }

    private void existing(DesiredLink wanted, LinkDiff diff, ObservedLink link) {
        Optional<Vxlan> vxlan = link.vxlan();
        boolean sameSegment = vxlan.isPresent() && LinkDiff.isSameSegment(vxlan.get(), wanted);
        if (vxlan.isEmpty() || (!sameSegment && !ours(link))) {
            problem(wanted, "a device " + link.name() + " is there already and is not ours");
            return;
        }
        matched.add(link.name());
        if (sameSegment) {
            filter(wanted);
            changes.addAll(diff.inPlace(link));
            if (diff.dropsNeighbours(link)) {
                entries.addAll(EntryDiff.all(wanted, Entry.Neighbour.class));
            }
            entries(wanted, Optional.ofNullable(seen.fdb().get(link.name())));
        } else {
            deletions.add(new NetOp.DelLink(wanted.name()));
            create(wanted, diff);
        }
    }

    private void create(DesiredLink wanted, LinkDiff diff) {
        filter(wanted);
        changes.addAll(diff.created());
        entries.addAll(EntryDiff.ops(wanted, Vteps.NONE));
    }

    private void entries(DesiredLink wanted, Optional<FdbView> view) {
        Optional<List<NetOp>> ops =
                view.flatMap(known -> EntryDiff.ops(wanted, known, Optional.ofNullable(confirmed.get(wanted.name()))));
        ops.ifPresentOrElse(entries::addAll, () -> unlisted.add(wanted.name()));
    }

    private Optional<ObservedLink> sibling(DesiredLink wanted) {
        return seen.links().stream()
                .filter(link -> !link.name().equals(wanted.name().value()))
                .filter(link -> link.vxlan()
                        .filter(vxlan -> LinkDiff.isSameSegment(vxlan, wanted))
                        .isPresent())
                .findFirst();
    }

    private boolean isWanted(String name) {
        return want.links().stream().anyMatch(link -> link.name().value().equals(name));
    }

    private boolean ours(ObservedLink link) {
        return link.vxlan().isPresent() && Marks.isOurs(link.alias(), prefix);
    }

    private void problem(DesiredLink wanted, String reason) {
        wanted.filter().ifPresent(kept::add);
        String name = wanted.network().name();
        problems.add(new Obstacle(name, "network " + name + ": " + reason));
    }
}
