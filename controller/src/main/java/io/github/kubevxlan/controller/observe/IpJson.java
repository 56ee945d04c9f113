package io.github.kubevxlan.controller.observe;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.plan.Marks;
import io.github.kubevxlan.controller.plan.ObservedLink;
import io.github.kubevxlan.controller.plan.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.plan.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.plan.ObservedRoute;
import io.github.kubevxlan.controller.plan.Vteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the JSON of iproute2: {@code ip -d -j addr show}, {@code ip -j route show}, {@code bridge -j fdb show}. Fields
 * that we do not need are passed over; a needed one of the wrong shape makes the report malformed. An empty text is an
 * empty list: iproute2 prints nothing where there is nothing.
 */
final class IpJson {
    private static final int MAX_DEPTH = 16;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private IpJson() {}

    static List<ObservedLink> links(String text) throws MalformedReportException {
        return list("devices", text, IpJson::link);
    }

    static List<ObservedRoute> routes(String text) throws MalformedReportException {
        return list("routes", text, IpJson::route);
    }

    /** The destinations of the all-zero entries; other entries (learned ones, an app's) are left out. */
    static Vteps destinations(String text) throws MalformedReportException {
        return Vteps.of(list("entries", text, IpJson::destination));
    }

    private static Optional<ObservedLink> link(JsonNode node) {
        List<ObservedAddress> addresses = new ArrayList<>();
        for (JsonNode info : node.path("addr_info")) {
            if (info.path("local").isTextual()) {
                addresses.add(new ObservedAddress(
                        new InterfaceAddress(IpAddr.parse(info.path("local").asText()), number(info, "prefixlen")),
                        info.path("metric").asInt() == Marks.ADDRESS_METRIC));
            }
        }
        boolean up = false;
        for (JsonNode flag : node.path("flags")) {
            up |= flag.asText().equals("UP");
        }
        return Optional.of(new ObservedLink(
                node.path("ifname").asText(),
                number(node, "ifindex"),
                node.path("ifalias").asText(),
                up,
                number(node, "mtu"),
                vxlan(node.path("linkinfo")),
                addresses));
    }

    private static Optional<Vxlan> vxlan(JsonNode linkInfo) {
        JsonNode data = linkInfo.path("info_data");
        int vni = data.path("id").asInt();
        if (!linkInfo.path("info_kind").asText().equals("vxlan") || vni < 1) {
            return Optional.empty();
        }
        String local = data.path("local").asText(data.path("local6").asText());
        return Optional.of(new Vxlan(
                new Segment(new Vni(vni), new Port(number(data, "port"))),
                local.isEmpty() ? Optional.empty() : Optional.of(IpAddr.parse(local)),
                data.path("link").asText()));
    }

    private static Optional<ObservedRoute> route(JsonNode node) {
        if (!node.path("gateway").isTextual()) {
            return Optional.empty();
        }
        IpAddr gateway = IpAddr.parse(node.path("gateway").asText());
        return Optional.of(new ObservedRoute(
                new Route(destination(node.path("dst").asText(), gateway), gateway),
                node.path("dev").asText(),
                node.path("metric").asLong()));
    }

    /** iproute2 writes {@code default} for everything and leaves the length of a host route out. */
    private static Cidr destination(String text, IpAddr gateway) {
        if (text.equals("default")) {
            return Cidr.parse(gateway.isIpv6() ? "::/0" : "0.0.0.0/0");
        }
        return Cidr.parse(text.contains("/") ? text : text + "/" + gateway.bits());
    }

    private static Optional<IpAddr> destination(JsonNode node) {
        boolean flood = node.path("mac").asText().equals("00:00:00:00:00:00");
        return flood ? Optional.of(IpAddr.parse(node.path("dst").asText())) : Optional.empty();
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
            JsonNode all = MAPPER.readTree(text);
            if (!all.isArray()) {
                throw new MalformedReportException(section, "it is no list");
            }
            List<T> values = new ArrayList<>();
            for (JsonNode node : all) {
                if (!node.isEmpty()) {
                    reader.read(node).ifPresent(values::add);
                }
            }
            return values;
        } catch (JacksonException | InvalidValueException e) {
            throw new MalformedReportException(section, firstLine(e));
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }
}
