package io.github.kubevxlan.e2e.harness;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
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
    private static final Pattern OF_SECURITY = Pattern.compile(
            ".* (set|chain) vni\\d+-port\\d+-ipv[46]-(exempt|mac|ipv4|ipv6|caught|security|senders|refuse-.*)");
    private static final Pattern MODE = Pattern.compile("comment \"(security=[^\"]*)\"");
    private static final List<String> REASONS = List.of("mac", "address", "arp", "nd", "router", "dhcp", "hidden");

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
                objects.put(object, shortened(object, sorted(String.join(" ", body))));
                body.clear();
            }
        }
        return objects;
    }

    /**
     * The filters of a member.
     *
     * @param peers the addresses of the peers in each of its segments
     * @param links its interfaces, on which nobody's router advertisements and redirects count
     */
    static SortedMap<String, String> of(Map<Segment, List<String>> peers, Collection<String> links) {
        SortedMap<String, String> objects = new TreeMap<>();
        peers.forEach((segment, addresses) -> {
            String name = segment.name();
            objects.put(TABLE + " set " + name, set(segment.ipv6(), addresses));
            objects.put(TABLE + " counter " + name, "");
            objects.put(TABLE + " chain " + name, chain(segment, name));
        });
        if (!links.isEmpty()) {
            objects.put(TABLE + " chain router-advertisements", guard(links));
        }
        return objects;
    }

    /**
     * What a member has beside its filter in a network with {@code security=on}.
     *
     * @param peers those that it takes packets from
     */
    static SortedMap<String, String> security(Segment segment, List<Permitted> peers) {
        String name = segment.name();
        SortedMap<String, String> objects = new TreeMap<>();
        objects.put(TABLE + " set " + name + "-exempt", "[]");
        objects.put(TABLE + " set " + name + "-caught", "");
        objects.put(
                TABLE + " set " + name + "-mac",
                elements(peers.stream()
                        .map(peer ->
                                peer.vtep() + " . " + hexadecimal(peer.mac().replace(":", "")))));
        for (boolean ipv6 : List.of(false, true)) {
            objects.put(
                    TABLE + " set " + name + (ipv6 ? "-ipv6" : "-ipv4"),
                    elements(peers.stream()
                            .flatMap(peer -> peer.addresses().stream()
                                    .filter(ip -> ip.contains(":") == ipv6)
                                    .map(ip -> peer.vtep() + " . " + hexadecimal(digits(ip))))));
        }
        for (String chain : List.of("security", "senders")) {
            objects.put(TABLE + " chain " + name + "-" + chain, "[security=on]");
        }
        for (String reason : REASONS) {
            objects.put(TABLE + " chain " + name + "-refuse-" + reason, "[security=on]");
            objects.put(TABLE + " counter " + name + "-" + reason, "");
        }
        return objects;
    }

    /**
     * What a peer may send.
     *
     * @param addresses without prefix length, the link-local one too
     */
    record Permitted(String vtep, String mac, List<String> addresses) {
        Permitted {
            addresses = List.copyOf(addresses);
        }
    }

    /** Of port security the elements of a set, and which modes the rules of a chain have. */
    private static String shortened(String object, String body) {
        Matcher part = OF_SECURITY.matcher(object);
        if (!part.matches()) {
            return body;
        } else if (part.group(1).equals("chain")) {
            return MODE.matcher(body)
                    .results()
                    .map(mode -> mode.group(1))
                    .distinct()
                    .toList()
                    .toString();
        }
        Matcher elements = ELEMENTS.matcher(body);
        return part.group(2).equals("caught")
                ? ""
                : elements(elements.find() ? Stream.of(elements.group(1).split(",\\s*")) : Stream.empty());
    }

    private static String elements(Stream<String> elements) {
        return elements.map(String::strip).sorted().toList().toString();
    }

    private static String digits(String ip) {
        try {
            return HexFormat.of().formatHex(InetAddress.getByName(ip).getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError("not an address: " + ip, e);
        }
    }

    private static String hexadecimal(String digits) {
        return "0x" + new BigInteger(digits, 16).toString(16);
    }

    /** What tells one segment from another. */
    record Segment(int vni, int port, boolean ipv6) {
        private String name() {
            return "vni%d-port%d-ipv%d".formatted(vni, port, ipv6 ? 6 : 4);
        }
    }

    private static String set(boolean ipv6, Collection<String> addresses) {
        String type = ipv6 ? "type ipv6_addr" : "type ipv4_addr";
        return addresses.isEmpty() ? type : sorted(type + " elements = { " + String.join(", ", addresses) + " }");
    }

    private static String guard(Collection<String> links) {
        return links.stream()
                .sorted()
                .flatMap(link -> Stream.of(
                                "icmpv6 type nd-router-advert", "icmpv6 type nd-redirect", "icmp type redirect")
                        .map(what -> "iifname \"%1$s\" %2$s counter drop comment \"%1$s\"".formatted(link, what)))
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
