package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Filter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a script reports at its end.
 *
 * @param devices whether to report devices, their addresses, our routes and filters
 * @param digests links whose entries to report as a digest, those for the pod itself added
 * @param lists links whose entries to list
 * @param destinations of which to report other routes than ours; all might be too many
 * @param qdiscs whether a shell is to report qdiscs, by one more program; the native agent reports those that are there
 */
public record ReportRequest(
        boolean devices, List<DesiredLink> digests, List<DesiredLink> lists, List<Cidr> destinations, boolean qdiscs) {
    private static final long BYTES_OF_NOTHING = 4L << 10;
    private static final long BYTES_OF_DEVICES = 64L << 10;
    private static final long BYTES_OF_LINK = 2L << 10;

    /** The rules of one segment, as nft shows them, and whom they refused of late. */
    private static final long BYTES_OF_SECURITY = 48L << 10;

    /** A forwarding entry takes 113 over IPv6, any other less; and a quarter for entries of peers that have gone. */
    private static final long BYTES_OF_ENTRY = 144;

    public ReportRequest {
        digests = List.copyOf(digests);
        lists = List.copyOf(lists);
        destinations = List.copyOf(destinations);
    }

    /** Whether it is only about how a change of entries went; it then has a digest for each link that changed. */
    public boolean isOfChangeAlone() {
        return !devices && lists.isEmpty() && destinations.isEmpty();
    }

    /** All links whose entries it is about. */
    public Stream<DesiredLink> links() {
        return Stream.concat(digests.stream(), lists.stream());
    }

    /** The filters of all links that it is about. */
    public Set<Filter> filters() {
        return links().flatMap(link -> link.filter().stream()).collect(Collectors.toSet());
    }

    /** Those of links with port security. */
    public Set<Filter> secured() {
        return links().flatMap(link -> link.secured().stream()).collect(Collectors.toSet());
    }

    /**
     * How many bytes the answer of an agent that is right has at most, foreign devices and entries that are still to go
     * included, unless there are very many of those.
     */
    public int bytes() {
        long entries =
                lists.stream().mapToLong(link -> link.peers().all().size()).sum();
        long links = (long) digests.size() + lists.size();
        long all = (devices ? BYTES_OF_DEVICES : BYTES_OF_NOTHING)
                + BYTES_OF_SECURITY * secured().size()
                + BYTES_OF_LINK * links
                + BYTES_OF_ENTRY * entries;
        return (int) Math.min(all, Integer.MAX_VALUE);
    }

    /** No qdiscs. */
    public ReportRequest(boolean devices, List<DesiredLink> digests, List<DesiredLink> lists, List<Cidr> destinations) {
        this(devices, digests, lists, destinations, false);
    }

    /** No other routes than ours. */
    public ReportRequest(boolean devices, List<DesiredLink> digests, List<DesiredLink> lists) {
        this(devices, digests, lists, List.of());
    }
}
