package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One difference between a pod's kernel and the desired state.
 *
 * @param kind what is amiss
 * @param link the interface that it is about; empty if it is about none
 * @param what in words
 * @param stops whose packets it stops: addresses, prefixes and MACs of members, or a filter's name; * for those of all
 *     members; empty if it stops none
 */
public record Difference(Kind kind, String link, String what, List<String> stops) {
    /** Packets of all members. */
    public static final String ALL = "*";

    public Difference {
        stops = List.copyOf(stops);
    }

    /** What is amiss. */
    public enum Kind {
        /** It should be there. */
        MISSING,
        /** It should not be there. */
        UNEXPECTED,
        /** It is there with another value. */
        DIFFERENT
    }

    /**
     * Whether it stops packets between two members.
     *
     * @param names of the two: underlay addresses, MACs, and the name of their network's filter
     * @param addresses those that the packets go between
     */
    public boolean stops(Set<String> names, List<IpAddr> addresses) {
        return stops.stream()
                .anyMatch(each -> each.equals(ALL)
                        || names.contains(each)
                        || addresses.stream().anyMatch(address -> covers(each, address)));
    }

    private static boolean covers(String stopped, IpAddr address) {
        return stopped.indexOf('/') < 0
                ? stopped.equals(address.toString())
                : Cidr.parse(stopped).contains(address);
    }

    /** In one line: the kind, the interface, what. */
    public String words() {
        return kind.name().toLowerCase(Locale.ROOT) + (link.isEmpty() ? "" : " on " + link) + ": " + what;
    }
}
