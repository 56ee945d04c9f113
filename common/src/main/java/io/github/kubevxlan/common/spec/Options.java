package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options that a definition or an annotation sets; what it doesn't set is empty. Lists are in the order given,
 * without repeats. {@code type} has a single value and leaves no trace here. Prints what {@link OverlayParser} reads.
 *
 * @param subnet where the controller takes members' addresses from
 * @param range which of a subnet's it may take; the others are left to hand-given ones
 * @param metric of the routes, 1 to 2147483647
 * @param attributes of the link
 * @param family of the underlay addresses that members send to
 * @param forwarding how members learn where a frame goes
 * @param ra what members do with router advertisements
 * @param peer VTEPs outside the cluster
 * @param namespaces names of the namespaces that may join; empty for all
 * @param isDefault whether pods that name no network anywhere join it
 */
public record Options(
        Optional<Vni> id,
        Optional<IfName> name,
        Optional<IfName> dev,
        Optional<Boolean> up,
        List<InterfaceAddress> ip,
        List<Cidr> subnet,
        List<IpRange> range,
        List<Route> route,
        Optional<Integer> metric,
        Optional<Mtu> mtu,
        Map<LinkAttribute, Integer> attributes,
        Optional<Port> dstport,
        Optional<Family> family,
        Optional<Forwarding> forwarding,
        Optional<Advertisements> ra,
        List<IpAddr> peer,
        List<String> namespaces,
        Optional<Boolean> isDefault) {
    /** No option set. */
    public static final Options NONE = new OptionsBuilder().build();

    public Options {
        ip = List.copyOf(ip);
        subnet = List.copyOf(subnet);
        range = List.copyOf(range);
        route = List.copyOf(route);
        attributes = Map.copyOf(attributes);
        peer = List.copyOf(peer);
        namespaces = List.copyOf(namespaces);
    }

    /** Tells whether pods of a namespace may join. */
    public boolean admits(String namespace) {
        return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /** Lays other options over these: each that the other sets, a list as a whole, takes the place of ours. */
    public Options with(Options over) {
        return new Options(
                over.id.or(() -> id),
                over.name.or(() -> name),
                over.dev.or(() -> dev),
                over.up.or(() -> up),
                over.ip.isEmpty() ? ip : over.ip,
                over.subnet.isEmpty() ? subnet : over.subnet,
                over.range.isEmpty() ? range : over.range,
                over.route.isEmpty() ? route : over.route,
                over.metric.or(() -> metric),
                over.mtu.or(() -> mtu),
                overlaid(over.attributes),
                over.dstport.or(() -> dstport),
                over.family.or(() -> family),
                over.forwarding.or(() -> forwarding),
                over.ra.or(() -> ra),
                over.peer.isEmpty() ? peer : over.peer,
                over.namespaces.isEmpty() ? namespaces : over.namespaces,
                over.isDefault.or(() -> isDefault));
    }

    private Map<LinkAttribute, Integer> overlaid(Map<LinkAttribute, Integer> over) {
        Map<LinkAttribute, Integer> all = new HashMap<>(attributes);
        all.putAll(over);
        return all;
    }

    @Override
    public String toString() {
        return Stream.of(Option.values())
                .map(option ->
                        option.values(this).map(Object::toString).collect(Collectors.joining(";", option + "=", "")))
                .filter(text -> !text.endsWith("="))
                .collect(Collectors.joining(" "));
    }
}
