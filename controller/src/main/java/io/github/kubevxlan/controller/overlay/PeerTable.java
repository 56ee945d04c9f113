package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.util.Sha256;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePSet;

/**
 * The entries that the members of a segment hold of each other at one moment, in order, each once. All members share one
 * object, and a table that follows from another shares with it what did not change: memory grows with the members and
 * the changes, not with pairs of members nor with members times changes.
 *
 * <p>The digest is over all entries, those for a member itself among them: an agent adds them to what its tables hold,
 * so one digest serves the whole segment.
 */
public final class PeerTable {
    public static final PeerTable NONE = new PeerTable(TreePSet.empty(), TreePSet.empty());

    private final TreePSet<Entry> entries;
    private final TreePSet<IpAddr> vteps;
    private volatile @Nullable String digest;
    private volatile @Nullable Since last;
    private volatile @Nullable PeerTable unfiltered;
    private volatile @Nullable PeerTable unsecured;
    private volatile @Nullable PeerTable withoutIpv6Neighbours;
    private volatile @Nullable Without without;

    private PeerTable(TreePSet<Entry> entries, TreePSet<IpAddr> vteps) {
        this.entries = entries;
        this.vteps = vteps;
    }

    /** Takes entries in any order; repeats count once. */
    public static PeerTable of(Collection<Entry> entries) {
        return new PeerTable(
                TreePSet.fromSortedSet(new TreeSet<>(entries)),
                TreePSet.fromSortedSet(vteps(entries).collect(Collectors.toCollection(TreeSet::new))));
    }

    /** The table of other entries; it shares with this one what both have. Takes them in any order; repeats count once. */
    public PeerTable become(Collection<Entry> others) {
        Delta delta = Delta.between(entries, new TreeSet<>(others));
        PeerTable next = with(delta);
        next.unfiltered = follow(unfiltered, next, delta, PeerTable::isUnfiltered);
        next.unsecured = follow(unsecured, next, delta, PeerTable::isUnsecured);
        next.withoutIpv6Neighbours = follow(withoutIpv6Neighbours, next, delta, entry -> !entry.isIpv6Neighbour());
        return next;
    }

    /** What follows from a table that was derived from this one, if any was. */
    private @Nullable PeerTable follow(
            @Nullable PeerTable derived, PeerTable next, Delta delta, Predicate<Entry> kept) {
        if (derived == null) {
            return null;
        }
        Delta part = delta.only(kept);
        return part.equals(delta) && derived.equals(this) ? next : derived.with(part);
    }

    private PeerTable with(Delta delta) {
        return delta.isEmpty()
                ? this
                : new PeerTable(
                        entries.minusAll(delta.removed()).plusAll(delta.added()),
                        vteps.minusAll(vteps(delta.removed()).toList())
                                .plusAll(vteps(delta.added()).toList()));
    }

    private static Stream<IpAddr> vteps(Collection<Entry> entries) {
        return entries.stream()
                .flatMap(entry -> entry instanceof Entry.Flood(IpAddr vtep) ? Stream.of(vtep) : Stream.empty());
    }

    /** All entries, in order; can't be changed. */
    public SortedSet<Entry> all() {
        return entries;
    }

    /** Whether an entry is among them. */
    public boolean contains(Entry entry) {
        return entries.contains(entry);
    }

    /** The VTEPs that lie in a network, in order. */
    public Stream<IpAddr> within(Cidr network) {
        return vteps.tailSet(network.network(), true).stream().takeWhile(network::contains);
    }

    /**
     * The same without entries for some VTEPs; this object if it has none. The last answer is kept: what one member has to
     * do without, its peers of the same addresses have to as well.
     */
    public PeerTable without(Set<IpAddr> gone) {
        Without known = without;
        if (known == null || !known.gone().equals(gone)) {
            known = new Without(Set.copyOf(gone), rest(gone));
            without = known;
        }
        return known.rest();
    }

    private record Without(Set<IpAddr> gone, PeerTable rest) {}

    private PeerTable rest(Set<IpAddr> gone) {
        Set<Mac> macs = entries.stream()
                .flatMap(entry -> entry instanceof Entry.Unicast(Mac mac, IpAddr vtep) && gone.contains(vtep)
                        ? Stream.of(mac)
                        : Stream.empty())
                .collect(Collectors.toSet());
        return only(entry -> !switch (entry) {
            case Entry.Flood(IpAddr vtep) -> gone.contains(vtep);
            case Entry.Unicast(Mac _, IpAddr vtep) -> gone.contains(vtep);
            case Entry.Admitted(Filter _, IpAddr vtep) -> gone.contains(vtep);
            case Entry.Permitted sender -> gone.contains(sender.vtep());
            case Entry.Neighbour(IpAddr _, Mac mac) -> macs.contains(mac);
        });
    }

    private PeerTable only(Predicate<Entry> kept) {
        return with(new Delta(List.of(), entries.stream().filter(kept.negate()).toList()));
    }

    /** The same without what filters let through; this object if it has none of that. */
    public PeerTable unfiltered() {
        PeerTable known = unfiltered;
        if (known == null) {
            known = only(PeerTable::isUnfiltered);
            unfiltered = known;
        }
        return known;
    }

    private static boolean isUnfiltered(Entry entry) {
        return !(entry instanceof Entry.Admitted) && isUnsecured(entry);
    }

    /** The same without what port security lets members send; this object if it has none of that. */
    public PeerTable unsecured() {
        PeerTable known = unsecured;
        if (known == null) {
            known = only(PeerTable::isUnsecured);
            unsecured = known;
        }
        return known;
    }

    private static boolean isUnsecured(Entry entry) {
        return !(entry instanceof Entry.Permitted);
    }

    /** The same without IPv6 neighbours; this object if it has none. */
    public PeerTable withoutIpv6Neighbours() {
        PeerTable known = withoutIpv6Neighbours;
        if (known == null) {
            known = only(entry -> !entry.isIpv6Neighbour());
            withoutIpv6Neighbours = known;
        }
        return known;
    }

    /** SHA-256 in lower-case hexadecimal over the entries, {@code KEY VALUE} a line. */
    public String digest() {
        String known = digest;
        if (known == null) {
            known = compute();
            digest = known;
        }
        return known;
    }

    /**
     * What must change in a table that holds {@code before}. The last answer is kept: a change reaches all members of a
     * segment from the same state. That state itself is not: it keeps the answer before, and so on without an end.
     */
    public Delta since(PeerTable before) {
        Since known = last;
        if (known == null || !known.digest().equals(before.digest())) {
            known = new Since(before.digest(), Delta.between(before, this));
            last = known;
        }
        return known.delta();
    }

    /** The digest of a state, and what changed since. */
    private record Since(String digest, Delta delta) {}

    /** By digest, which is worked out once: every member's state is compared with every change of its segment. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof PeerTable peers
                        && entries.size() == peers.entries.size()
                        && digest().equals(peers.digest()));
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    private String compute() {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry ->
                lines.append(entry.key()).append(' ').append(entry.value()).append('\n'));
        return HexFormat.of().formatHex(Sha256.of(lines.toString()));
    }

    /**
     * The difference of two sets.
     *
     * @param added in order, not in the set it starts from
     * @param removed in order, only there
     */
    public record Delta(List<Entry> added, List<Entry> removed) {
        public Delta {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }

        /** What leads from one table to another. */
        public static Delta between(PeerTable before, PeerTable after) {
            return between(before.entries, after.entries);
        }

        private static Delta between(SortedSet<Entry> before, SortedSet<Entry> after) {
            List<Entry> added = new ArrayList<>();
            List<Entry> removed = new ArrayList<>();
            Iterator<Entry> left = before.iterator();
            Iterator<Entry> right = after.iterator();
            Entry was = next(left);
            Entry is = next(right);
            while (was != null || is != null) {
                int order = order(was, is);
                if (order < 0) {
                    removed.add(was);
                } else if (order > 0) {
                    added.add(is);
                }
                was = order <= 0 ? next(left) : was;
                is = order >= 0 ? next(right) : is;
            }
            return new Delta(added, removed);
        }

        private boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty();
        }

        private Delta only(Predicate<Entry> kept) {
            return new Delta(
                    added.stream().filter(kept).toList(),
                    removed.stream().filter(kept).toList());
        }

        private static @Nullable Entry next(Iterator<Entry> entries) {
            return entries.hasNext() ? entries.next() : null;
        }

        private static int order(@Nullable Entry was, @Nullable Entry is) {
            if (was == null) {
                return 1;
            }
            return is == null ? -1 : was.compareTo(is);
        }
    }
}
