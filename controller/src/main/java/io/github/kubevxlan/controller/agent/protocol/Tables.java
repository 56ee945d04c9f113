package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads what the kernel holds. Throws {@link InvalidValueException} for what is not as the protocol says; names and
 * aliases are the kernel's, which allows more than we do.
 */
final class Tables {
    private Tables() {}

    /**
     * What the kernel holds of a pod.
     *
     * @param state devices, routes, filters, devices without IPv6, and whether the agent knows qdiscs
     * @param foreign other routes
     * @param tables by link
     * @param errors what failed
     */
    static ObservedPod pod(JsonNode state, List<ForeignRoute> foreign, Map<String, FdbView> tables, List<String> errors)
            throws MalformedReportException {
        for (String part : List.of("devices", "routes", "without_ipv6", "dropped")) {
            ReportBounds.check(part, state.path(part).size());
        }
        ReportBounds.check("filters", state.path("filters").path("chains").size());
        return new ObservedPod(
                new ObservedPod.Devices(
                        links(state.path("devices")), Set.copyOf(list(state.path("without_ipv6"), JsonNode::asText))),
                new ObservedPod.Routing(routes(state.path("routes")), foreign),
                filters(state.path("filters"), state.path("dropped")),
                tables,
                new ObservedPod.Diagnostics(
                        errors, Optional.empty(), state.path("qdiscs").asBoolean()));
    }

    /** What an agent did not tell must not be taken for what the pod does not have. */
    static void requireState(JsonNode state, List<String> errors) throws MalformedReportException {
        for (String part : List.of("devices", "routes", "without_ipv6")) {
            if (!state.path(part).isArray()
                    || (part.equals("devices") && state.path(part).isEmpty())) {
                throw new MalformedReportException(part, String.join("; ", errors));
            }
        }
    }

    /** The entries of those links that are there. */
    static Map<String, FdbView> listed(JsonNode lists, List<DesiredLink> links) {
        Map<String, FdbView> tables = new HashMap<>();
        for (JsonNode list : lists) {
            String name = list.path("link").asText();
            links.stream()
                    .filter(link -> link.name().value().equals(name))
                    .findFirst()
                    .ifPresent(link -> tables.put(name, new FdbView.Listed(entries(list, link))));
        }
        return tables;
    }

    private static List<ObservedLink> links(JsonNode devices) {
        return list(devices, Tables::link);
    }

    /** Routes as we make them: through a gateway, or for multicast. */
    private static List<ObservedRoute> routes(JsonNode routes) {
        List<ObservedRoute> all = new ArrayList<>();
        for (JsonNode route : routes) {
            Cidr destination = Cidr.parse(text(route, "to"));
            Optional<IpAddr> gateway = gateway(route);
            if (gateway.isPresent() || destination.network().value().isMulticast()) {
                all.add(new ObservedRoute(
                        new Route(destination, gateway), text(route, "dev"), number(route, "metric")));
            }
        }
        return all;
    }

    static List<ForeignRoute> foreign(JsonNode routes) throws MalformedReportException {
        ReportBounds.check("routes of others", routes.size());
        return list(
                routes,
                route -> new ForeignRoute(
                        Cidr.parse(text(route, "to")), gateway(route), text(route, "dev"), number(route, "metric")));
    }

    private static Optional<IpAddr> gateway(JsonNode route) {
        return route.has("via") ? Optional.of(IpAddr.parse(text(route, "via"))) : Optional.empty();
    }

    /** Empty where the kernel has no nftables; an older agent tells nothing of what was dropped. */
    private static Optional<ObservedFilters> filters(JsonNode filters, JsonNode dropped) {
        if (!filters.isObject()) {
            return Optional.empty();
        }
        Map<String, List<String>> comments = new HashMap<>();
        for (JsonNode chain : filters.path("chains")) {
            comments.put(chain.path(0).asText(), list(chain.path(1), JsonNode::asText));
        }
        Map<String, Long> packets = new HashMap<>();
        for (JsonNode counter : dropped) {
            packets.put(counter.path(0).asText(), counter.path(1).asLong());
        }
        return Optional.of(ObservedFilters.of(
                filters.path("present").asBoolean(),
                comments,
                packets,
                filters.path("security").asBoolean(),
                filters.path("redirects").asBoolean(),
                filters.has("caught") ? Optional.of(caught(filters.path("caught"))) : Optional.empty()));
    }

    private static List<RefusedSender> caught(JsonNode caught) {
        List<RefusedSender> senders = new ArrayList<>();
        for (JsonNode one : caught) {
            Optional<Filter> filter = Filter.parse(one.path(0).asText());
            Optional<Refusal> reason = Refusal.ofWord(one.path(2).asText());
            if (filter.isPresent() && reason.isPresent()) {
                senders.add(new RefusedSender(
                        filter.get(),
                        IpAddr.parse(one.path(1).asText()),
                        reason.get(),
                        Duration.ofSeconds(one.path(3).asInt())));
            }
        }
        return senders;
    }

    /** The entries of a link; of port security only where the link has it. */
    private static PeerTable entries(JsonNode list, DesiredLink link) {
        List<Entry> entries = new ArrayList<>();
        list.path("flood").forEach(vtep -> entries.add(new Entry.Flood(IpAddr.parse(vtep.asText()))));
        list.path("unicast")
                .forEach(pair -> entries.add(new Entry.Unicast(
                        ours(pair.path(0)), IpAddr.parse(pair.path(1).asText()))));
        list.path("neighbours")
                .forEach(pair -> entries.add(
                        new Entry.Neighbour(IpAddr.parse(pair.path(0).asText()), ours(pair.path(1)))));
        Optional<Filter> filter = link.filter();
        filter.ifPresent(known -> list.path("admitted")
                .forEach(vtep -> entries.add(new Entry.Admitted(known, IpAddr.parse(vtep.asText())))));
        link.secured().ifPresent(known -> senders(list, known, entries));
        return PeerTable.of(entries);
    }

    private static void senders(JsonNode list, Filter filter, List<Entry> entries) {
        list.path("exempt").forEach(vtep -> entries.add(new Entry.Exempt(filter, IpAddr.parse(vtep.asText()))));
        list.path("macs")
                .forEach(pair -> entries.add(new Entry.SenderMac(
                        filter,
                        IpAddr.parse(pair.path(0).asText()),
                        new Mac(pair.path(1).asText()))));
        list.path("ips")
                .forEach(pair -> entries.add(new Entry.SenderIp(
                        filter,
                        IpAddr.parse(pair.path(0).asText()),
                        IpAddr.parse(pair.path(1).asText()))));
    }

    private static ObservedLink link(JsonNode device) {
        String name = text(device, "name");
        String alias = device.path("alias").asText();
        String mac = device.path("mac").asText();
        return new ObservedLink(
                new ObservedLink.Identity(
                        name,
                        (int) number(device, "index"),
                        IfName.isOne(name) || name.equals(ObservedPod.LOOPBACK) ? alias : ""),
                new ObservedLink.Attributes(
                        Mac.isOne(mac) ? Optional.of(new Mac(mac)) : Optional.empty(),
                        device.path("up").asBoolean(),
                        (int) number(device, "mtu")),
                vxlan(device),
                list(device.path("addresses"), Tables::address));
    }

    /** One that is made for any VNI (external) is none of ours. */
    private static Optional<Vxlan> vxlan(JsonNode device) {
        JsonNode vxlan = device.path("vxlan");
        if (!vxlan.isObject() || number(vxlan, "vni") < 1) {
            return Optional.empty();
        }
        Segment segment = new Segment(new Vni((int) number(vxlan, "vni")), new Port((int) number(vxlan, "port")));
        Optional<IpAddr> local =
                vxlan.has("local") ? Optional.of(IpAddr.parse(text(vxlan, "local"))) : Optional.empty();
        return Optional.of(new Vxlan(segment, local, text(vxlan, "dev"), attributes(device, vxlan), qdisc(vxlan)));
    }

    /** The agent tells of one that is there, unless it is too old. */
    private static ObservedQdisc qdisc(JsonNode vxlan) {
        JsonNode qdisc = vxlan.path("qdisc");
        if (!qdisc.isObject()) {
            return new ObservedQdisc.None();
        }
        return qdisc.path("ours").asBoolean()
                ? new ObservedQdisc.Ours(set(qdisc.path("set")))
                : new ObservedQdisc.Foreign(ObservedQdisc.kind(text(qdisc, "kind")));
    }

    private static Optional<Qdisc> set(JsonNode set) {
        if (!set.isObject()) {
            return Optional.empty();
        }
        Map<Impairment, Integer> values = new EnumMap<>(Impairment.class);
        for (Impairment impairment : Impairment.values()) {
            values.put(impairment, (int) number(set, impairment.toString()));
        }
        return Optional.of(new Qdisc(new Impairments(values), (int) number(set, "limit")));
    }

    /**
     * They stand with what a VXLAN link has or with what every device has. An older agent does not tell those that it does
     * not know.
     */
    private static Map<LinkAttribute, Integer> attributes(JsonNode device, JsonNode vxlan) {
        Map<LinkAttribute, Integer> attributes = new EnumMap<>(LinkAttribute.class);
        for (LinkAttribute attribute : LinkAttribute.values()) {
            String name = attribute.toString();
            JsonNode holder = vxlan.has(name) ? vxlan : device;
            if (holder.has(name)) {
                attributes.put(attribute, attribute.isFlag() ? flag(holder, name) : (int) number(holder, name));
            }
        }
        return attributes;
    }

    private static int flag(JsonNode node, String field) {
        return node.path(field).asBoolean() ? 1 : 0;
    }

    private static ObservedAddress address(JsonNode address) {
        return new ObservedAddress(
                InterfaceAddress.parse(text(address, "address")),
                number(address, "metric") == OwnershipMarkers.ADDRESS_METRIC);
    }

    private static Mac ours(JsonNode node) {
        Mac mac = new Mac(node.asText());
        if (!Macs.isOurs(mac)) {
            throw new InvalidValueException(mac.value(), "a MAC of a member");
        }
        return mac;
    }

    private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> reader) {
        List<T> all = new ArrayList<>();
        nodes.forEach(node -> all.add(reader.apply(node)));
        return all;
    }

    private static String text(JsonNode node, String field) {
        if (!node.path(field).isTextual()) {
            throw new InvalidValueException(node.path(field).toString(), "a text in " + field);
        }
        return node.path(field).asText();
    }

    /** As the kernel counts, 32 bits without a sign. */
    private static long number(JsonNode node, String field) {
        if (!node.path(field).isIntegralNumber() || !node.path(field).canConvertToLong()) {
            throw new InvalidValueException(node.path(field).toString(), "a number in " + field);
        }
        return node.path(field).asLong();
    }
}
