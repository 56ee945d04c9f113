package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a segment hold of each other at one moment, in order, each entry once. One object is shared by
 * every member, so that memory grows with the members and not with their pairs.
 *
 * <p>The digest is over all entries, those for a member itself among them: an agent adds them to what its tables hold,
 * so one digest serves the whole segment.
 */
public final class Vteps {
    public static final Vteps NONE = new Vteps(List.of());

    private final List<Entry> sorted;
    private volatile @Nullable String digest;
    private volatile @Nullable Since last;
    private volatile @Nullable NavigableSet<IpAddr> addresses;
    private volatile @Nullable Vteps unfiltered;

    private Vteps(List<Entry> sorted) {
        this.sorted = sorted;
    }

    /** Takes entries in any order; repeats count once. */
    public static Vteps of(Collection<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(null);
        return new Vteps(sorted.stream().distinct().toList());
    }

    /** All entries, in order. */
    public List<Entry> all() {
        return sorted;
    }

    /** Whether an entry is among them. */
    public boolean contains(Entry entry) {
        return Collections.binarySearch(sorted, entry) >= 0;
    }

    /** A VTEP that lies in a network, the first; empty if none does. */
    public Optional<IpAddr> within(Cidr network) {
        return Optional.ofNullable(addresses().ceiling(network.network())).filter(network::contains);
    }

    /** The same without what filters let through. */
    public Vteps unfiltered() {
        Vteps known = unfiltered;
        if (known == null) {
            known = of(sorted.stream()
                    .filter(entry -> !(entry instanceof Entry.Admitted))
                    .toList());
            unfiltered = known;
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
    public Delta since(Vteps before) {
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
                || (other instanceof Vteps vteps
                        && sorted.size() == vteps.sorted.size()
                        && digest().equals(vteps.digest()));
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
        static Delta between(Vteps before, Vteps after) {
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
