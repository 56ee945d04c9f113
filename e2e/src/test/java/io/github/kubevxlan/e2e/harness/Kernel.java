package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a pod's kernel holds, in lines: {@code mtu 1450}, {@code address 10.1.0.1/24}, {@code route 10.2.0.0/24 via
 * 10.1.0.9 metric 5}, {@code to 10.201.0.7} for an all-zero entry.
 *
 * @param links by the network that made them, as their alias says
 * @param others all other devices, by name
 */
public record Kernel(SortedMap<String, Device> links, SortedMap<String, Device> others) {
    /** Before anything was read. */
    public static final Kernel NOTHING = new Kernel(new TreeMap<>(), new TreeMap<>());

    private static final String SCRIPT =
            "ip -j -d address show && bridge -j fdb show && ip -j route show && ip -j -6 route show";
    private static final String MARK = Cluster.PREFIX + "/";
    private static final String ALL_ZERO = "00:00:00:00:00:00";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A device.
     *
     * @param index the kernel's; one that was made anew has another
     */
    public record Device(int index, SortedSet<String> lines) {}

    /** Reads a pod's by this machine's tools. */
    public static Kernel of(Pod pod) {
        String text = Lab.inPod(pod, SCRIPT);
        try (JsonParser documents = JSON.createParser(text)) {
            SortedMap<String, Device> devices = new TreeMap<>();
            SortedMap<String, String> networks = new TreeMap<>();
            for (JsonNode node : (JsonNode) JSON.readTree(documents)) {
                String name = node.path("ifname").asText();
                devices.put(name, device(node));
                String alias = node.path("ifalias").asText();
                if (alias.startsWith(MARK)) {
                    networks.put(name, alias.substring(MARK.length()));
                }
            }
            readEntries(JSON.readTree(documents), devices);
            readRoutes(JSON.readTree(documents), devices);
            readRoutes(JSON.readTree(documents), devices);
            return split(devices, networks);
        } catch (IOException e) {
            throw new AssertionError("not what ip and bridge print: " + text, e);
        }
    }

    /** Everything but the link of one network. */
    public Map<String, Device> without(String network) {
        SortedMap<String, Device> rest = new TreeMap<>(links);
        rest.remove(network);
        others.forEach((name, device) -> rest.put("device " + name, device));
        return rest;
    }

    /** The link of one network; its absence is a failure. */
    public Device link(String network) {
        Device link = links.get(network);
        if (link == null) {
            throw new AssertionError("no link of " + network + " among " + links.keySet());
        }
        return link;
    }

    private static Kernel split(SortedMap<String, Device> devices, SortedMap<String, String> networks) {
        SortedMap<String, Device> links = new TreeMap<>();
        SortedMap<String, Device> others = new TreeMap<>(devices);
        networks.forEach((name, network) -> {
            Device device = others.remove(name);
            if (device != null) {
                links.put(network, device);
            }
        });
        return new Kernel(links, others);
    }

    private static Device device(JsonNode node) {
        SortedSet<String> lines = new TreeSet<>();
        lines.add("name " + node.path("ifname").asText());
        lines.add("mtu " + node.path("mtu").asText());
        boolean up = false;
        for (JsonNode flag : node.path("flags")) {
            up |= flag.asText().equals("UP");
        }
        lines.add(up ? "up" : "down");
        JsonNode vxlan = node.at("/linkinfo/info_data");
        if (vxlan.has("id")) {
            lines.add("vni " + vxlan.path("id").asText());
            lines.add("port " + vxlan.path("port").asText());
            lines.add("dev " + vxlan.path("link").asText());
            addAttributes(node, vxlan, lines);
        }
        for (JsonNode address : node.path("addr_info")) {
            if (!address.path("scope").asText().equals("link")) {
                lines.add("address " + address.path("local").asText() + "/"
                        + address.path("prefixlen").asText());
            }
        }
        return new Device(node.path("ifindex").asInt(), lines);
    }

    /** Those that are not as the kernel has them by itself. */
    private static void addAttributes(JsonNode link, JsonNode vxlan, Collection<String> lines) {
        if (vxlan.path("ttl").asInt() != 0) {
            lines.add("ttl " + vxlan.path("ttl").asText());
        }
        if (vxlan.has("tos")) {
            lines.add("tos " + vxlan.path("tos").asText());
        }
        if (!vxlan.path("learning").asBoolean()) {
            lines.add("nolearning");
        }
        if (!vxlan.path("udp_csum").asBoolean()
                || vxlan.path("udp_zero_csum6_tx").asBoolean()) {
            lines.add("nochecksum");
        }
        if (link.path("txqlen").asInt() != 1000) {
            lines.add("txqueuelen " + link.path("txqlen").asInt());
        }
    }

    private static void readEntries(JsonNode entries, Map<String, Device> devices) {
        for (JsonNode entry : entries) {
            if (entry.path("mac").asText().equals(ALL_ZERO)) {
                lines(devices, entry.path("ifname"))
                        .add("to " + entry.path("dst").asText());
            }
        }
    }

    private static void readRoutes(JsonNode routes, Map<String, Device> devices) {
        for (JsonNode route : routes) {
            if (route.has("gateway")) {
                lines(devices, route.path("dev"))
                        .add("route %s via %s metric %d"
                                .formatted(
                                        route.path("dst").asText(),
                                        route.path("gateway").asText(),
                                        route.path("metric").asInt()));
            }
        }
    }

    private static Collection<String> lines(Map<String, Device> devices, JsonNode name) {
        Device device = devices.get(name.asText());
        return device == null ? new TreeSet<>() : device.lines();
    }
}
