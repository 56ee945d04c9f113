package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.List;
import java.util.OptionalInt;

/** Writes operations. Entries of one table that follow each other are one operation. */
final class Operations {
    private final ArrayNode all = JsonNodeFactory.instance.arrayNode();
    private String table = "";
    private ObjectNode entries = JsonNodeFactory.instance.objectNode();

    private Operations() {}

    /** Operations in their order, a JSON object each. */
    static ArrayNode of(List<NetOp> ops) {
        Operations operations = new Operations();
        ops.forEach(operations::add);
        return operations.all;
    }

    private void add(NetOp op) {
        switch (op) {
            case NetOp.PutEntry(IfName link, Entry.Admitted admitted) -> admitted("admit", admitted);
            case NetOp.DelEntry(IfName link, Entry.Admitted admitted) -> admitted("expel", admitted);
            case NetOp.PutEntry(IfName link, Entry.Permitted sender) -> sender("permit", sender);
            case NetOp.DelEntry(IfName link, Entry.Permitted sender) -> sender("forbid", sender);
            case NetOp.PutEntry(IfName link, Entry entry) -> entry("put_entries", link, entry);
            case NetOp.DelEntry(IfName link, Entry entry) -> entry("del_entries", link, entry);
            case NetOp.DelLink(IfName link) -> on("del_link", link);
            case NetOp.Rename(IfName from, IfName to) ->
                put("rename").put("from", from.value()).put("to", to.value());
            case NetOp.AddLink(
                    IfName link,
                    Mac mac,
                    NetOp.Tunnel(Segment segment, IpAddr local, IfName dev),
                    int mtu,
                    boolean checksum) -> {
                ObjectNode fields = underlay(on("add_link", link), segment, local, dev)
                        .put("mac", mac.value())
                        .put("port", segment.port().value())
                        .put("mtu", mtu);
                if (!checksum) {
                    attribute(fields, LinkAttribute.CHECKSUM, 0);
                }
            }
            case NetOp.SetAttributes(IfName link, Segment segment, var attributes) -> {
                ObjectNode fields =
                        on("set_attributes", link).put("vni", segment.vni().value());
                attributes.forEach((attribute, value) -> attribute(fields, attribute, value));
            }
            case NetOp.PutQdisc(IfName link, Qdisc qdisc) ->
                qdisc(on("put_qdisc", link).putObject("set"), qdisc);
            case NetOp.DelQdisc(IfName link) -> on("del_qdisc", link);
            case NetOp.SetAlias(IfName link, String alias) ->
                on("set_alias", link).put("alias", alias);
            case NetOp.SetUnderlay(IfName link, Segment segment, IpAddr local, IfName dev) ->
                underlay(on("set_underlay", link), segment, local, dev);
            case NetOp.SetMtu(IfName link, int mtu) -> on("set_mtu", link).put("mtu", mtu);
            case NetOp.SetMac(IfName link, Mac mac) -> on("set_mac", link).put("mac", mac.value());
            case NetOp.SetUp(IfName link, boolean up) -> on("set_up", link).put("up", up);
            case NetOp.DelAddress(IfName link, InterfaceAddress address) ->
                on("del_address", link).put("address", address.toString());
            case NetOp.PutAddress(IfName link, InterfaceAddress address) ->
                on("put_address", link).put("address", address.toString());
            case NetOp.DelRoute(IfName link, Route route) -> route(on("del_route", link), route);
            case NetOp.AddRoute(IfName link, Route route, OptionalInt metric) -> {
                ObjectNode fields = route(on("add_route", link), route);
                metric.ifPresent(value -> fields.put("metric", value));
            }
            case NetOp.PutFilter(Filter filter) -> filter(put("put_filter"), filter);
            case NetOp.DelFilter(Filter filter) -> filter(put("del_filter"), filter);
            case NetOp.DelFilters() -> put("del_filters");
            case NetOp.PutSecurity(Filter filter, Security mode) -> {
                ObjectNode fields = put("put_security");
                filter(fields.putObject("filter"), filter);
                fields.put("mode", mode.toString());
            }
            case NetOp.DelSecurity(Filter filter) -> filter(put("del_security"), filter);
            case NetOp.SetGuard(List<IfName> links) -> {
                ArrayNode guarded = put("set_guard").putArray("links");
                links.forEach(link -> guarded.add(link.value()));
            }
        }
    }

    private ObjectNode put(String name) {
        table = "";
        return all.addObject().putObject(name);
    }

    private ObjectNode on(String name, IfName link) {
        return put(name).put("link", link.value());
    }

    private void entry(String name, IfName link, Entry entry) {
        if (!table.equals(name + " " + link)) {
            entries = on(name, link);
            table = name + " " + link;
        }
        switch (entry) {
            case Entry.Flood(IpAddr vtep) -> entries.withArray("flood").add(vtep.toString());
            case Entry.Unicast(Mac mac, IpAddr vtep) ->
                entries.withArray("unicast").addArray().add(mac.value()).add(vtep.toString());
            case Entry.Neighbour(IpAddr ip, Mac mac) ->
                entries.withArray("neighbours").addArray().add(ip.toString()).add(mac.value());
            case Entry.Admitted _, Entry.Permitted _ -> throw new IllegalStateException("no entry of a link: " + entry);
        }
    }

    private void admitted(String name, Entry.Admitted admitted) {
        if (!table.equals(name + " " + admitted.filter())) {
            entries = put(name);
            filter(entries.putObject("filter"), admitted.filter());
            table = name + " " + admitted.filter();
        }
        entries.withArray("vteps").add(admitted.vtep().toString());
    }

    private void sender(String name, Entry.Permitted sender) {
        if (!table.equals(name + " " + sender.filter())) {
            entries = put(name);
            filter(entries.putObject("filter"), sender.filter());
            table = name + " " + sender.filter();
        }
        String vtep = sender.vtep().toString();
        switch (sender) {
            case Entry.Exempt _ -> entries.withArray("exempt").add(vtep);
            case Entry.SenderMac(var _, var _, Mac mac) ->
                entries.withArray("macs").addArray().add(vtep).add(mac.value());
            case Entry.SenderIp(var _, var _, IpAddr ip) ->
                entries.withArray("ips").addArray().add(vtep).add(ip.toString());
        }
    }

    private static void attribute(ObjectNode to, LinkAttribute attribute, int value) {
        if (attribute.isFlag()) {
            to.put(attribute.toString(), value == 1);
        } else {
            to.put(attribute.toString(), value);
        }
    }

    private static void qdisc(ObjectNode to, Qdisc qdisc) {
        to.put("limit", qdisc.limit());
        for (Impairment impairment : Impairment.values()) {
            if (qdisc.value(impairment) != 0) {
                to.put(impairment.toString(), qdisc.value(impairment));
            }
        }
    }

    private static ObjectNode underlay(ObjectNode to, Segment segment, IpAddr local, IfName dev) {
        return to.put("vni", segment.vni().value())
                .put("local", local.toString())
                .put("dev", dev.value());
    }

    private static ObjectNode route(ObjectNode to, Route route) {
        to.put("to", route.destination().toString());
        route.gateway().ifPresent(gateway -> to.put("via", gateway.toString()));
        return to;
    }

    static void filter(ObjectNode to, Filter filter) {
        Segment segment = filter.segment().segment();
        to.put("vni", segment.vni().value())
                .put("port", segment.port().value())
                .put("ipv6", filter.segment().ipv6());
    }
}
