package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a pod's kernel holds of VXLAN.
 *
 * @param links by name
 * @param floods by link, where frames with no known destination go: the destinations of its all-zero entries, in the
 *     kernel's order, with repetitions if there are any
 * @param unicasts by link, where frames to one MAC go for good: its other permanent entries, as {@code MAC to VTEP}
 * @param neighbours by link, whose MAC nobody asks for: its permanent neighbours, as {@code ADDRESS at MAC}
 */
public record Overlay(
        Map<String, Link> links,
        Map<String, List<String>> floods,
        Map<String, List<String>> unicasts,
        Map<String, List<String>> neighbours) {
    /**
     * Prints five JSON documents: links with their addresses, the forwarding entries, the routes of both families, the
     * neighbours.
     */
    static final String SCRIPT = "ip -j -d address show type vxlan && bridge -j fdb show && ip -j route show"
            + " && ip -j -6 route show && ip -j neigh show nud permanent";

    private static final String ALL_ZERO = "00:00:00:00:00:00";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A line a link, sorted: name, VNI, port, MTU, state and IPv4 addresses. */
    public List<String> describe() {
        return links.entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .sorted()
                .toList();
    }

    private static String describe(String name, Link link) {
        return "%s %d %d %d %s %s"
                .formatted(
                        name,
                        link.vni(),
                        link.port(),
                        link.mtu(),
                        link.up() ? "up" : "down",
                        String.join(" ", link.ipv4()));
    }

    /**
     * A VXLAN link.
     *
     * @param index the kernel's; a link that was made anew has another
     * @param addresses with prefix length, as 192.168.11.2/29, IPv6 link-local ones included
     * @param routes through a gateway, as {@code 10.1.0.0/24 via 10.0.0.1}
     */
    public record Link(
            int index,
            boolean up,
            String mac,
            int vni,
            int port,
            int mtu,
            List<String> addresses,
            List<String> routes) {
        /** Its link-local IPv6 address without prefix length, if it has one by now. */
        public Optional<String> linkLocal() {
            return addresses.stream()
                    .filter(address -> address.startsWith("fe80:"))
                    .map(address -> address.substring(0, address.indexOf('/')))
                    .findFirst();
        }

        /** Its IPv4 addresses, in the kernel's order. */
        public List<String> ipv4() {
            return addresses.stream().filter(address -> address.contains(".")).toList();
        }

        /** Its addresses but the link-local ones, which the kernel gives; sorted. */
        public List<String> given() {
            return addresses.stream()
                    .filter(address -> !address.startsWith("fe80:"))
                    .sorted()
                    .toList();
        }
    }

    /** The link of that name; its absence is a failure. */
    public Link link(String name) {
        return Optional.ofNullable(links.get(name))
                .orElseThrow(() -> new AssertionError("no link %s among %s".formatted(name, links.keySet())));
    }

    /** The destinations of one link's all-zero entries. */
    public List<String> floods(String link) {
        return floods.getOrDefault(link, List.of());
    }

    static Overlay parse(String text) {
        try (JsonParser documents = JSON.createParser(text)) {
            JsonNode links = JSON.readTree(documents);
            JsonNode entries = JSON.readTree(documents);
            Map<String, List<String>> routes = new HashMap<>();
            parseRoutes(JSON.readTree(documents), routes);
            parseRoutes(JSON.readTree(documents), routes);
            return new Overlay(
                    parseLinks(links, routes),
                    parseEntries(entries, true),
                    parseEntries(entries, false),
                    parseNeighbours(JSON.readTree(documents)));
        } catch (IOException e) {
            throw new AssertionError("not what ip and bridge print: " + text, e);
        }
    }

    private static Map<String, Link> parseLinks(JsonNode document, Map<String, List<String>> routes) {
        Map<String, Link> links = new HashMap<>();
        for (JsonNode link : document) {
            if (link.has("ifname")) {
                String name = link.path("ifname").asText();
                links.put(name, parseLink(link, routes.getOrDefault(name, List.of())));
            }
        }
        return links;
    }

    private static Link parseLink(JsonNode link, List<String> routes) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : link.path("addr_info")) {
            addresses.add(address.path("local").asText() + "/"
                    + address.path("prefixlen").asText());
        }
        boolean up = false;
        for (JsonNode flag : link.path("flags")) {
            up |= flag.asText().equals("UP");
        }
        JsonNode vxlan = link.at("/linkinfo/info_data");
        return new Link(
                link.path("ifindex").asInt(),
                up,
                link.path("address").asText(),
                vxlan.path("id").asInt(),
                vxlan.path("port").asInt(),
                link.path("mtu").asInt(),
                addresses,
                routes);
    }

    private static void parseRoutes(JsonNode document, Map<String, List<String>> routes) {
        for (JsonNode route : document) {
            if (route.has("gateway")) {
                routes.computeIfAbsent(route.path("dev").asText(), link -> new ArrayList<>())
                        .add(route.path("dst").asText() + " via "
                                + route.path("gateway").asText());
            }
        }
    }

    private static Map<String, List<String>> parseEntries(JsonNode document, boolean allZero) {
        Map<String, List<String>> entries = new HashMap<>();
        for (JsonNode entry : document) {
            String mac = entry.path("mac").asText();
            if (entry.has("dst")
                    && entry.path("state").asText().equals("permanent")
                    && mac.equals(ALL_ZERO) == allZero) {
                String vtep = entry.path("dst").asText();
                entries.computeIfAbsent(entry.path("ifname").asText(), link -> new ArrayList<>())
                        .add(allZero ? vtep : mac + " to " + vtep);
            }
        }
        return entries;
    }

    private static Map<String, List<String>> parseNeighbours(JsonNode document) {
        return StreamSupport.stream(document.spliterator(), false)
                .collect(Collectors.groupingBy(
                        neighbour -> neighbour.path("dev").asText(),
                        Collectors.mapping(
                                neighbour -> neighbour.path("dst").asText() + " at "
                                        + neighbour.path("lladdr").asText(),
                                Collectors.toList())));
    }
}
