package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.spec.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lines of {@code nft -f} for port security. Peers check on the VXLAN packet what a member sends: it has the sender's
 * VTEP, and behind 16 bytes of UDP and VXLAN header the frame. A field that a packet does not have matches nothing; the
 * kernel discards frames that end before it. The agent's {@code kernel/security.rs} has the same rules.
 *
 * <p>Who was refused of late, and why, is in a set that is bounded. A VTEP for which it has no place is refused all the
 * same: what adds to the set and what refuses are two rules, since a rule ends where it can't add.
 */
public final class SecurityScript {
    /** What the names of the objects end with, behind the filter's. */
    private static final String GATE = "security";

    private static final String CHECKS = "senders";
    private static final String REFUSE = "refuse-";
    private static final String CAUGHT = "-caught";

    /** How long a VTEP counts as caught after its last packet that was refused. */
    public static final Duration CAUGHT_FOR = Duration.ofHours(1);

    /** Of all reasons of all VTEPs of a segment. */
    private static final int MOST_CAUGHT = 64;

    /** Behind that of the filters, so that strangers are counted there. */
    private static final String HOOK = " { type filter hook input priority 1; }";

    private static final String IPV4 = "@th,224,16 0x0800 ";
    private static final String ARP = "@th,224,16 0x0806 ";
    private static final String IPV6 = "@th,224,16 0x86dd ";
    private static final String ICMPV6 = IPV6 + "@th,288,8 58 @th,560,8 ";

    private final Filter filter;
    private final Security mode;
    private final String vtep;

    private SecurityScript(Filter filter, Security mode) {
        this.filter = filter;
        this.mode = mode;
        this.vtep = filter.segment().ipv6() ? "ip6 saddr" : "ip saddr";
    }

    /** Lines that {@code nft --check} must accept if port security is possible. */
    public static String sample(Filter filter) {
        return put(filter, Security.ON);
    }

    /** Its chains with nothing in them but their rules; its sets and counters stay if they are there. */
    public static String put(Filter filter, Security mode) {
        SecurityScript script = new SecurityScript(filter, mode);
        return Stream.concat(
                        script.objects().stream(),
                        script.chains(true).entrySet().stream().flatMap(script::lines))
                .collect(Collectors.joining("\n"));
    }

    /** Nothing of it stays. */
    public static String del(Filter filter) {
        SecurityScript script = new SecurityScript(filter, Security.ON);
        List<String> lines = new ArrayList<>(script.objects());
        script.chains(true).keySet().forEach(chain -> lines.add("delete chain " + of(filter, chain)));
        lines.add("delete set " + table(caught(filter)));
        Stream.of(SenderSet.values()).forEach(set -> lines.add("delete set " + of(filter, set.toString())));
        Stream.of(Refusal.values()).forEach(kind -> lines.add("delete counter " + of(filter, kind.toString())));
        return String.join("\n", lines);
    }

    /** The name of the set of those that were refused of late: VTEPs, and beside each the number of the reason. */
    public static String caught(Filter filter) {
        return filter + CAUGHT;
    }

    /** The filter of such a set's name; empty if it is none's. */
    public static Optional<Filter> caught(String set) {
        return set.endsWith(CAUGHT) ? Filter.parse(set.substring(0, set.length() - CAUGHT.length())) : Optional.empty();
    }

    public static String permit(Entry.Permitted sender) {
        return "add element " + element(sender);
    }

    public static String forbid(Entry.Permitted sender) {
        return permit(sender) + "\ndelete element " + element(sender);
    }

    /** The filter of a chain's name; empty if it is none of these. */
    public static Optional<Filter> filter(String chain) {
        return Stream.of(GATE, CHECKS)
                .filter(suffix -> chain.endsWith("-" + suffix))
                .findFirst()
                .flatMap(suffix -> Filter.parse(chain.substring(0, chain.length() - suffix.length() - 1)));
    }

    /**
     * The mode whose rules the chains have, by their comments; {@link Security#OFF} if they have others.
     *
     * @param tells whether they are those of an agent that keeps whom it refused
     */
    public static Security mode(Filter filter, Map<String, List<String>> comments, boolean tells) {
        return Stream.of(Security.ON, Security.LOG)
                .filter(mode -> comments(filter, mode, tells).entrySet().stream()
                        .allMatch(chain -> chain.getValue().equals(comments.get(chain.getKey()))))
                .findFirst()
                .orElse(Security.OFF);
    }

    /** The comments of the rules of its chains; an older agent has no chain for each reason. */
    public static Map<String, List<String>> comments(Filter filter, Security mode, boolean tells) {
        return new SecurityScript(filter, mode)
                .chains(tells).entrySet().stream()
                        .collect(Collectors.toMap(
                                chain -> filter + "-" + chain.getKey(),
                                chain -> Collections.nCopies(chain.getValue().size(), comment(mode))));
    }

    private static String comment(Security mode) {
        return "security=" + mode;
    }

    private static String element(Entry.Permitted sender) {
        String text = sender.value();
        return table(sender.key()) + " { " + text.replace(" ", " . ") + " }";
    }

    private List<String> objects() {
        List<String> lines = new ArrayList<>();
        lines.add("add table inet " + Filter.TABLE);
        for (SenderSet set : SenderSet.values()) {
            String type = set == SenderSet.EXEMPT
                    ? "type " + (filter.segment().ipv6() ? "ipv6_addr" : "ipv4_addr")
                    : "typeof " + vtep + " . " + set.field();
            lines.add("add set " + of(filter, set.toString()) + " { " + type + "; }");
        }
        Stream.of(Refusal.values()).forEach(kind -> lines.add("add counter " + of(filter, kind.toString())));
        lines.add("add set " + table(caught(filter)) + " { type "
                + (filter.segment().ipv6() ? "ipv6_addr" : "ipv4_addr") + " . mark; flags dynamic,timeout; size "
                + MOST_CAUGHT + "; timeout " + CAUGHT_FOR.toSeconds() + "s; }");
        Set<String> names = chains(true).keySet();
        names.forEach(chain -> lines.add("add chain " + of(filter, chain) + (chain.equals(GATE) ? HOOK : "")));
        names.forEach(chain -> lines.add("flush chain " + of(filter, chain)));
        return lines;
    }

    /** Chains and their rules; each comes behind those that lead to it. */
    private Map<String, List<String>> chains(boolean tells) {
        Map<String, List<String>> chains = new LinkedHashMap<>();
        chains.put(GATE, gate());
        chains.put(CHECKS, checks());
        if (tells) {
            Stream.of(Refusal.values()).forEach(kind -> chains.put(REFUSE + kind, refusal(kind)));
        }
        return chains;
    }

    private Stream<String> lines(Map.Entry<String, List<String>> chain) {
        return chain.getValue().stream()
                .map(rule ->
                        "add rule " + of(filter, chain.getKey()) + " " + rule + " comment \"" + comment(mode) + "\"");
    }

    /**
     * Finds the segment's packets. The kernel puts IPv6 fragments together after this: so a first one that ends before all
     * that is checked is refused.
     */
    private List<String> gate() {
        boolean ipv6 = filter.segment().ipv6();
        String port = "udp dport " + filter.segment().segment().port() + " ";
        String packet = "meta nfproto " + (ipv6 ? "ipv6 " : "ipv4 ") + port + "@th,96,24 "
                + filter.segment().segment().vni() + " ";
        String checks = "goto " + filter + "-" + CHECKS;
        return ipv6
                ? List.of(
                        packet + "@th,744,8 >= 0 " + checks,
                        port + "frag more-fragments 1 " + refuse(Refusal.HIDDEN),
                        packet + checks)
                : List.of(packet + checks);
    }

    /** Neighbour discovery has a hop limit of 255, and no extension header before it where these rules could not see it. */
    private List<String> checks() {
        return List.of(
                vtep + " @" + SenderSet.EXEMPT.name(filter) + " accept",
                foreign(SenderSet.MAC) + refuse(Refusal.MAC),
                IPV4 + "@th,336,32 != 0 " + foreign(SenderSet.IPV4) + refuse(Refusal.ADDRESS),
                "@th,224,24 0x080045 @th,288,16 & 0x1fff == 0 @th,312,8 17 @th,400,16 67 " + refuse(Refusal.DHCP),
                ARP + foreign("@th,304,48", SenderSet.MAC) + refuse(Refusal.ARP),
                ARP + "@th,352,32 != 0 " + foreign("@th,352,32", SenderSet.IPV4) + refuse(Refusal.ARP),
                IPV6 + "@th,304,128 != 0 " + foreign(SenderSet.IPV6) + refuse(Refusal.ADDRESS),
                IPV6 + "@th,288,16 0x00ff " + refuse(Refusal.HIDDEN),
                IPV6 + "@th,288,16 0x2bff " + refuse(Refusal.HIDDEN),
                IPV6 + "@th,288,16 0x3cff " + refuse(Refusal.HIDDEN),
                ICMPV6 + "134 " + refuse(Refusal.ROUTER),
                ICMPV6 + "137 " + refuse(Refusal.ROUTER),
                ICMPV6 + "136 " + foreign("@th,624,128", SenderSet.IPV6) + refuse(Refusal.ND),
                ICMPV6 + "135 @th,304,128 0 " + foreign("@th,624,128", SenderSet.IPV6) + refuse(Refusal.ND),
                IPV6 + "@th,288,8 17 @th,560,16 547 " + refuse(Refusal.DHCP),
                "@th,224,16 0x8100 " + refuse(Refusal.HIDDEN),
                "@th,224,16 0x88a8 " + refuse(Refusal.HIDDEN));
    }

    private String foreign(SenderSet set) {
        return foreign(set.field(), set);
    }

    private String foreign(String field, SenderSet set) {
        return vtep + " . " + field + " != @" + set.name(filter) + " ";
    }

    private String refuse(Refusal kind) {
        return "goto " + filter + "-" + REFUSE + kind;
    }

    private List<String> refusal(Refusal kind) {
        return List.of(
                "counter name \"" + filter + "-" + kind + "\" update @" + caught(filter) + " { " + vtep + " . "
                        + kind.number() + " }",
                mode == Security.ON ? "drop" : "accept");
    }

    private static String of(Filter filter, String suffix) {
        return table(filter + "-" + suffix);
    }

    private static String table(String name) {
        return "inet " + Filter.TABLE + " " + name;
    }
}
