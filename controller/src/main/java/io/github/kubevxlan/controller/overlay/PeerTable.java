package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries that the members of a segment hold of each other at one moment, in order, each once. One object is shared
 * by every member, so that memory grows with the members and not with their pairs.
 *
 * <p>The digest is over all entries, those for a member itself among them: an agent adds them to what its tables hold,
 * so one digest serves the whole segment.
 */
public final class PeerTable {
    public static final PeerTable NONE = new PeerTable(List.of());

    private final List<Entry> sorted;
    private volatile @Nullable String digest;
    private volatile @Nullable Since last;
    private volatile @Nullable NavigableSet<IpAddr> addresses;
    private volatile @Nullable PeerTable unfiltered;
    private volatile @Nullable PeerTable withoutIpv6Neighbours;
    private volatile @Nullable Without without;

    private PeerTable(List<Entry> sorted) {
        this.sorted = sorted;
    }

    /** Takes entries in any order; repeats count once. */
    public static PeerTable of(Collection<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(null);
        return new PeerTable(sorted.stream().distinct().toList());
    }

    /** All entries, in order. */
    public List<Entry> all() {
        return sorted;
    }

    /** Whether an entry is among them. */
    public boolean contains(Entry entry) {
        return Collections.binarySearch(sorted, entry) >= 0;
    }

    /** The VTEPs that lie in a network, in order. */
    public Stream<IpAddr> within(Cidr network) {
        return addresses().tailSet(network.network(), true).stream().takeWhile(network::contains);
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
        Set<Mac> macs = sorted.stream()
                .flatMap(entry -> entry instanceof Entry.Unicast(Mac mac, IpAddr vtep) && gone.contains(vtep)
                        ? Stream.of(mac)
                        : Stream.empty())
                .collect(Collectors.toSet());
        List<Entry> rest = sorted.stream()
                .filter(entry -> !switch (entry) {
                    case Entry.Flood(IpAddr vtep) -> gone.contains(vtep);
                    case Entry.Unicast(Mac _, IpAddr vtep) -> gone.contains(vtep);
                    case Entry.Admitted(Filter _, IpAddr vtep) -> gone.contains(vtep);
                    case Entry.Neighbour(IpAddr _, Mac mac) -> macs.contains(mac);
                })
                .toList();
        return rest.size() == sorted.size() ? this : new PeerTable(rest);
    }

    /** The same without what filters let through. */
    public PeerTable unfiltered() {
        PeerTable known = unfiltered;
        if (known == null) {
            known = of(sorted.stream()
                    .filter(entry -> !(entry instanceof Entry.Admitted))
                    .toList());
            unfiltered = known;
        }
        return known;
    }

    /** The same without IPv6 neighbours; this object if it has none. */
    public PeerTable withoutIpv6Neighbours() {
        PeerTable known = withoutIpv6Neighbours;
        if (known == null) {
            List<Entry> rest =
                    sorted.stream().filter(entry -> !entry.isIpv6Neighbour()).toList();
            known = rest.size() == sorted.size() ? this : of(rest);
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
                        && sorted.size() == peers.sorted.size()
                        && digest().equals(peers.digest()));
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return sorted.toString();
    }

    private NavigableSet<IpAddr> addresses() {
        NavigableSet<IpAddr> known = addresses;
        if (known == null) {
            known = sorted.stream()
                    .flatMap(entry -> entry instanceof Entry.Flood(IpAddr vtep) ? Stream.of(vtep) : Stream.empty())
                    .collect(Collectors.toCollection(TreeSet::new));
            addresses = known;
        }
        return known;
    }

    private String compute() {
        StringBuilder lines = new StringBuilder();
        sorted.forEach(entry ->
                lines.append(entry.key()).append(' ').append(entry.value()).append('\n'));
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(lines.toString().getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The difference of two sets.
     *
     * @param added in order, not in the set it starts from
     * @param removed in order, only there
     */
    public record Delta(List<Entry> added, List<Entry> removed) {
        public static Delta between(PeerTable before, PeerTable after) {
            List<Entry> added = new ArrayList<>();
            List<Entry> removed = new ArrayList<>();
            int left = 0;
            int right = 0;
            while (left < before.sorted.size() || right < after.sorted.size()) {
                int order = order(before.sorted, left, after.sorted, right);
                if (order < 0) {
                    removed.add(before.sorted.get(left++));
                } else if (order > 0) {
                    added.add(after.sorted.get(right++));
                } else {
                    left++;
                    right++;
                }
            }
            return new Delta(List.copyOf(added), List.copyOf(removed));
        }

        private static int order(List<Entry> before, int left, List<Entry> after, int right) {
            if (left == before.size()) {
                return 1;
            }
            return right == after.size() ? -1 : before.get(left).compareTo(after.get(right));
        }
    }
}
