package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lines of {@code nft -f} for filters. They are one transaction: all are done, or none. What is to go is added first,
 * since there is no other way in nftables 1.0 to delete what may be gone already.
 */
public final class NftScript {
    /** The VNI: 24 bits, 12 bytes after the start of the UDP header (RFC 7348 section 5). */
    private static final String VNI = "@th,96,24";

    /** The chain that drops router advertisements and redirects. */
    public static final String GUARD = "router-advertisements";

    /** What takes a member elsewhere than its controller says (RFC 4861 sections 4.2 and 4.5, RFC 792). */
    private static final List<String> MISLEADING =
            List.of("icmpv6 type nd-router-advert", "icmpv6 type nd-redirect", "icmp type redirect");

    private static final String LAST_OF_HEADER = "@th,120,8";

    private NftScript() {}

    /** Lines that {@code nft --check} must accept if filters are possible. */
    public static String sample() {
        return put(Filter.of(new SegmentKey(new Segment(new Vni(Vni.MAX), new Port(1)), true))) + "\n"
                + guard(List.of(new IfName("sample")));
    }

    public static String put(Filter filter) {
        return "add table inet " + Filter.TABLE + "\n" + add("set", filter) + "\n" + add("counter", filter) + "\n"
                + add("chain", filter) + "\nflush chain " + of(filter) + "\n"
                + rules(filter).stream()
                        .map(rule -> "add rule " + of(filter) + " " + rule + " comment \"" + filter + "\"")
                        .collect(Collectors.joining("\n"));
    }

    /**
     * IPv4 fragments are put together before they come here, IPv6 ones after: so a first fragment that ends before the
     * VXLAN header does not show its VNI, and is dropped too if it is from no peer.
     */
    static List<String> rules(Filter filter) {
        boolean ipv6 = filter.segment().ipv6();
        String port = "udp dport " + filter.segment().segment().port();
        String stranger = (ipv6 ? "ip6" : "ip") + " saddr != @" + filter + " counter name \"" + filter + "\" drop";
        String vni = port + " " + VNI + " " + filter.segment().segment().vni() + " " + stranger;
        return ipv6
                ? List.of(
                        vni, port + " " + LAST_OF_HEADER + " >= 0 accept", port + " frag more-fragments 1 " + stranger)
                : List.of(vni);
    }

    public static String del(Filter filter) {
        return "add table inet " + Filter.TABLE + "\n"
                + List.of("chain", "set", "counter").stream()
                        .map(kind -> add(kind, filter)
                                + (kind.equals("chain") ? "\nflush chain " + of(filter) : "")
                                + "\ndelete " + kind + " " + of(filter))
                        .collect(Collectors.joining("\n"));
    }

    /** The same rules for each link, so that their comments tell which are guarded. */
    public static String guard(List<IfName> links) {
        String chain = "inet " + Filter.TABLE + " " + GUARD;
        return "add table inet " + Filter.TABLE + "\nadd chain " + chain
                + " { type filter hook input priority 0; }\nflush chain " + chain
                + links.stream()
                        .flatMap(link -> MISLEADING.stream()
                                .map(what -> "\nadd rule " + chain + " iifname \"" + link + "\" " + what
                                        + " counter drop comment \"" + link + "\""))
                        .collect(Collectors.joining())
                + (links.isEmpty() ? "\ndelete chain " + chain : "");
    }

    /**
     * The comments of the guard's rules.
     *
     * @param dropsRedirects whether it drops redirects too, which that of an older agent does not
     */
    public static List<String> guardComments(List<String> links, boolean dropsRedirects) {
        return links.stream()
                .flatMap(link -> Collections.nCopies(dropsRedirects ? MISLEADING.size() : 1, link).stream())
                .toList();
    }

    public static String delAll() {
        return "add table inet " + Filter.TABLE + "\ndelete table inet " + Filter.TABLE;
    }

    public static String admit(Filter filter, IpAddr vtep) {
        return "add element " + of(filter) + " { " + vtep + " }";
    }

    public static String expel(Filter filter, IpAddr vtep) {
        return admit(filter, vtep) + "\ndelete element " + of(filter) + " { " + vtep + " }";
    }

    private static String add(String kind, Filter filter) {
        String what = switch (kind) {
            case "set" -> " { type " + (filter.segment().ipv6() ? "ipv6_addr" : "ipv4_addr") + "; }";
            case "chain" -> " { type filter hook input priority 0; }";
            default -> "";
        };
        return "add " + kind + " " + of(filter) + what;
    }

    private static String of(Filter filter) {
        return "inet " + Filter.TABLE + " " + filter;
    }
}
