package io.github.kubevxlan.controller.agent.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the JSON of iproute2: {@code ip -d -j addr show}, {@code ip -j route show}, {@code bridge -j fdb show},
 * {@code ip -j neigh show}. Fields
 * that we do not need are passed over; a needed one of the wrong shape makes the report malformed. An empty text is an
 * empty list: iproute2 prints nothing where there is nothing.
 */
final class IpJson {
    private static final int MAX_DEPTH = 16;

    /** A forwarding entry is 12 of them: enough for a segment of 10,000 members, and at most 11 MB of objects. */
    private static final int MAX_TOKENS = 250_000;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectReader NEXT = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private IpJson() {}

    static List<ObservedLink> links(String text) throws MalformedReportException {
        List<ObservedLink> links = list("devices", text, IpJson::link);
        ReportBounds.check("devices", links.size());
        return links;
    }

    static List<ObservedRoute> routes(String text) throws MalformedReportException {
        List<ObservedRoute> routes = list("routes", text, IpJson::route);
        ReportBounds.check("routes", routes.size());
        return routes;
    }

    /** Routes of one family without our mark; each line is a list of its own, as {@code ip -batch} prints them. */
    static List<ForeignRoute> foreignRoutes(String text, boolean ipv6) throws MalformedReportException {
        List<ForeignRoute> routes = new ArrayList<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            while (parser.nextToken() != null) {
                routes.addAll(values("routes of others", NEXT.readTree(parser), node -> foreignRoute(node, ipv6)));
            }
        } catch (IOException e) {
            throw new MalformedReportException("routes of others", firstLine(e));
        }
        ReportBounds.check("routes of others", routes.size());
        return routes;
    }

    /** The forwarding entries that are ours; others (learned ones, an app's) are left out. */
    static List<Entry> entries(String text) throws MalformedReportException {
        return list("entries", text, IpJson::entry);
    }

    /** The neighbour entries that are ours, of those that are permanent. */
    static List<Entry> neighbours(String text) throws MalformedReportException {
        return list("neighbours", text, IpJson::neighbour);
    }

    /** One that was renamed to what we would name none counts as not ours. */
    private static Optional<ObservedLink> link(JsonNode node) {
        List<ObservedAddress> addresses = new ArrayList<>();
        for (JsonNode info : node.path("addr_info")) {
            if (info.path("local").isTextual()) {
                addresses.add(new ObservedAddress(
                        new InterfaceAddress(IpAddr.parse(info.path("local").asText()), number(info, "prefixlen")),
                        info.path("metric").asInt() == OwnershipMarkers.ADDRESS_METRIC));
            }
        }
        boolean up = false;
        for (JsonNode flag : node.path("flags")) {
            up |= flag.asText().equals("UP");
        }
        String name = node.path("ifname").asText();
        return Optional.of(new ObservedLink(
                new ObservedLink.Identity(
                        name,
                        number(node, "ifindex"),
                        IfName.isOne(name) || name.equals(ObservedPod.LOOPBACK)
                                ? node.path("ifalias").asText()
                                : ""),
                new ObservedLink.Attributes(mac(node.path("address").asText()), up, number(node, "mtu")),
                vxlan(node),
                addresses));
    }

    private static Optional<Vxlan> vxlan(JsonNode link) {
        JsonNode linkInfo = link.path("linkinfo");
        JsonNode data = linkInfo.path("info_data");
        int vni = data.path("id").asInt();
        if (!linkInfo.path("info_kind").asText().equals("vxlan") || vni < 1) {
            return Optional.empty();
        }
        String local = data.path("local").asText(data.path("local6").asText());
        return Optional.of(new Vxlan(
                new Segment(new Vni(vni), new Port(number(data, "port"))),
                local.isEmpty() ? Optional.empty() : Optional.of(IpAddr.parse(local)),
                data.path("link").asText(),
                IpAttributes.read(link, data, local.contains(":")),
                TcJson.ofLink(link.path("qdisc").asText())));
    }

    private static Optional<ObservedRoute> route(JsonNode node) {
        Optional<IpAddr> gateway = gateway(node);
        Cidr destination = destination(
                node.path("dst").asText(), gateway.map(IpAddr::isIpv6).orElse(false));
        return gateway.isEmpty() && !destination.network().value().isMulticast()
                ? Optional.empty()
                : Optional.of(new ObservedRoute(
                        new Route(destination, gateway),
                        node.path("dev").asText(),
                        node.path("metric").asLong()));
    }

    private static Optional<ForeignRoute> foreignRoute(JsonNode node, boolean ipv6) {
        return node.path("protocol").asText().equals(Integer.toString(OwnershipMarkers.ROUTE_PROTO))
                ? Optional.empty()
                : Optional.of(new ForeignRoute(
                        destination(node.path("dst").asText(), ipv6),
                        gateway(node),
                        node.path("dev").asText(),
                        node.path("metric").asLong()));
    }

    private static Optional<IpAddr> gateway(JsonNode node) {
        return node.path("gateway").isTextual()
                ? Optional.of(IpAddr.parse(node.path("gateway").asText()))
                : Optional.empty();
    }

    /** iproute2 writes {@code default} for everything and leaves the length of a host route out. */
    private static Cidr destination(String text, boolean ipv6) {
        if (text.equals("default")) {
            return Cidr.parse(ipv6 ? "::/0" : "0.0.0.0/0");
        }
        return Cidr.parse(text.contains("/") ? text : text + (ipv6 ? "/128" : "/32"));
    }

    private static Optional<Entry> entry(JsonNode node) {
        String mac = node.path("mac").asText();
        boolean elsewhere =
                Stream.of("port", "vni", "via", "viaIf", "viaIfIndex").anyMatch(node::has);
        if (!node.path("state").asText().equals("permanent") || !node.has("dst") || elsewhere) {
            return Optional.empty();
        }
        if (mac.equals(Entry.ALL_ZERO)) {
            return Optional.of(new Entry.Flood(IpAddr.parse(node.path("dst").asText())));
        }
        return ours(mac)
                .map(known ->
                        new Entry.Unicast(known, IpAddr.parse(node.path("dst").asText())));
    }

    private static Optional<Entry> neighbour(JsonNode node) {
        return ours(node.path("lladdr").asText())
                .map(mac -> new Entry.Neighbour(IpAddr.parse(node.path("dst").asText()), mac));
    }

    private static Optional<Mac> ours(String mac) {
        return mac(mac).filter(Macs::isOurs);
    }

    private static Optional<Mac> mac(String text) {
        return Mac.isOne(text) ? Optional.of(new Mac(text)) : Optional.empty();
    }

    private static int number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isInt()) {
            throw new InvalidValueException(value.toString(), "a number in " + field);
        }
        return value.asInt();
    }

    private interface Reader<T> {
        Optional<T> read(JsonNode node);
    }

    private static <T> List<T> list(String section, String text, Reader<T> reader) throws MalformedReportException {
        if (text.isBlank()) {
            return List.of();
        }
        try {
            return values(section, tree(text), reader);
        } catch (JacksonException e) {
            throw new MalformedReportException(section, firstLine(e));
        }
    }

    private static <T> List<T> values(String section, JsonNode all, Reader<T> reader) throws MalformedReportException {
        if (!all.isArray()) {
            throw new MalformedReportException(section, "it is no list");
        }
        try {
            List<T> values = new ArrayList<>();
            for (JsonNode node : all) {
                if (!node.isEmpty()) {
                    reader.read(node).ifPresent(values::add);
                }
            }
            return values;
        } catch (InvalidValueException e) {
            throw new MalformedReportException(section, firstLine(e));
        }
    }

    /** Any JSON that an agent may print: bounded in depth, and nothing after it; empty for a blank text. */
    static JsonNode tree(String text) throws JacksonException {
        return MAPPER.readTree(text);
    }

    static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }
}
