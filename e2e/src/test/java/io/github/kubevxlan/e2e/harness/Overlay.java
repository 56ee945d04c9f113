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

/**
 * What a pod's kernel holds of VXLAN.
 *
 * @param links by name
 * @param floods by link, where frames with no known destination go: the destinations of its all-zero entries, in the
 *     kernel's order, with repetitions if there are any
 */
public record Overlay(Map<String, Link> links, Map<String, List<String>> floods) {
    /** Prints two JSON documents: links with their addresses, and the forwarding entries. */
    static final String SCRIPT = "ip -j -d address show type vxlan && bridge -j fdb show";

    private static final String ALL_ZERO = "00:00:00:00:00:00";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A VXLAN link.
     *
     * @param index the kernel's; a link that was made anew has another
     * @param addresses with prefix length, as 192.168.11.2/29, IPv6 link-local ones included
     */
    public record Link(int index, boolean up, int vni, int port, int mtu, List<String> addresses) {
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
            return new Overlay(parseLinks(JSON.readTree(documents)), parseFloods(JSON.readTree(documents)));
        } catch (IOException e) {
            throw new AssertionError("not what ip and bridge print: " + text, e);
        }
    }

    private static Map<String, Link> parseLinks(JsonNode document) {
        Map<String, Link> links = new HashMap<>();
        for (JsonNode link : document) {
            if (link.has("ifname")) {
                links.put(link.path("ifname").asText(), parseLink(link));
            }
        }
        return links;
    }

    private static Link parseLink(JsonNode link) {
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
                vxlan.path("id").asInt(),
                vxlan.path("port").asInt(),
                link.path("mtu").asInt(),
                addresses);
    }

    private static Map<String, List<String>> parseFloods(JsonNode document) {
        Map<String, List<String>> floods = new HashMap<>();
        for (JsonNode entry : document) {
            if (entry.path("mac").asText().equals(ALL_ZERO)) {
                floods.computeIfAbsent(entry.path("ifname").asText(), link -> new ArrayList<>())
                        .add(entry.path("dst").asText());
            }
        }
        return floods;
    }
}
