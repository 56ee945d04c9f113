package io.github.kubevxlan.e2e.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packet filters of a pod's kernel, all tables of nftables: what is in each object, by its kind and name. */
final class Filters {
    /** Prints them; a pod that may not read any can't have made any. */
    static final String SCRIPT = "nft -s list ruleset 2>&1 || true";

    private static final String TABLE = "table inet kube-vxlan-controller";
    private static final String HOOK = "type filter hook input priority filter; policy accept;";
    private static final Pattern ELEMENTS = Pattern.compile(" elements = \\{ ([^}]*) }");

    private Filters() {}

    /** Reads what the script printed. */
    static SortedMap<String, String> parse(String text) {
        SortedMap<String, String> objects = new TreeMap<>();
        String table = "";
        String object = "";
        List<String> body = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("table ")) {
                table = line.replace(" {", "");
            } else if (line.matches("\t[^\t}].*")) {
                object = table + " " + line.strip().replace(" {", "");
            } else if (line.startsWith("\t\t")) {
                body.add(line.strip());
            } else if (line.equals("\t}")) {
                objects.put(object, sorted(String.join(" ", body)));
                body.clear();
            }
        }
        return objects;
    }

    /**
     * The filters of a member.
     *
     * @param peers the addresses of the peers in each of its segments
     * @param links its interfaces, on which nobody's router advertisements count
     */
    static SortedMap<String, String> of(Map<Segment, List<String>> peers, Collection<String> links) {
        SortedMap<String, String> objects = new TreeMap<>();
        peers.forEach((segment, addresses) -> {
            String name = "vni%d-port%d-ipv%d".formatted(segment.vni(), segment.port(), segment.ipv6() ? 6 : 4);
            objects.put(TABLE + " set " + name, set(segment.ipv6(), addresses));
            objects.put(TABLE + " counter " + name, "");
            objects.put(TABLE + " chain " + name, chain(segment, name));
        });
        if (!links.isEmpty()) {
            objects.put(TABLE + " chain router-advertisements", guard(links));
        }
        return objects;
    }

    /** What tells one segment from another. */
    record Segment(int vni, int port, boolean ipv6) {}

    private static String set(boolean ipv6, Collection<String> addresses) {
        String type = ipv6 ? "type ipv6_addr" : "type ipv4_addr";
        return addresses.isEmpty() ? type : sorted(type + " elements = { " + String.join(", ", addresses) + " }");
    }

    private static String guard(Collection<String> links) {
        return links.stream()
                .sorted()
                .map("iifname \"%1$s\" icmpv6 type nd-router-advert counter drop comment \"%1$s\""::formatted)
                .collect(Collectors.joining(" ", HOOK + " ", ""));
    }

    /** Drops what has the VNI and comes from nobody of the set; over IPv6 also a first fragment that has no VNI yet. */
    private static String chain(Segment segment, String name) {
        String port = "udp dport " + segment.port();
        String stranger =
                " %s saddr != @%s counter name \"%s\" drop".formatted(segment.ipv6() ? "ip6" : "ip", name, name);
        String vni = port + " @th,96,24 0x" + Integer.toHexString(segment.vni()) + stranger;
        List<String> rules = segment.ipv6()
                ? List.of(vni, port + " @th,120,8 >= 0x0 accept", port + " frag more-fragments 1" + stranger)
                : List.of(vni);
        String comment = " comment \"" + name + "\"";
        return Stream.concat(Stream.of(HOOK), rules.stream().map(rule -> rule + comment))
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
    }

    /** In the order of their text, as the kernel's is none. */
    private static String sorted(String body) {
        Matcher elements = ELEMENTS.matcher(body);
        if (!elements.find()) {
            return body;
        }
        List<String> sorted =
                Stream.of(elements.group(1).split(",\\s*")).sorted().toList();
        return elements.replaceFirst(" elements = { " + String.join(", ", sorted) + " }");
    }
}
