package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Advertisements;
import io.github.kubevxlan.common.spec.Checks;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.IpOptions;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.LinkOptions;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.PortSecurity;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.common.spec.SegmentOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Networks and VTEPs for tests, in few words. */
public final class Nets {
    public static final String PREFIX = "vxlan.travelping.com";
    public static final IpAddr LOCAL = IpAddr.parse("10.244.1.1");
    public static final Mac MAC = new Mac("72:78:00:00:00:01");

    private Nets() {}

    public static Network net(String name, int vni) {
        return new Network(
                name,
                new SegmentOptions(
                        new Segment(new Vni(vni), new Port(8472)), Optional.empty(), Forwarding.FLOOD, List.of()),
                new LinkOptions(new IfName(name), new IfName("eth0"), true, Mtu.AUTO, Map.of()),
                new IpOptions(List.of(), List.of(), List.of(), OptionalInt.empty(), Advertisements.ACCEPT));
    }

    public static Network with(Network net, List<String> addresses, List<String> routes) {
        return net.fitted(
                net.ifName(),
                net.dev(),
                addresses.stream().map(InterfaceAddress::parse).toList(),
                routes.stream().map(Route::parse).toList());
    }

    public static Network named(Network net, String ifName) {
        return net.fitted(new IfName(ifName), net.dev(), net.addresses(), net.routes());
    }

    public static Network over(Network net, String dev) {
        return net.fitted(net.ifName(), new IfName(dev), net.addresses(), net.routes());
    }

    public static Network guarded(Network net) {
        return with(
                net, new IpOptions(net.addresses(), net.pools(), net.routes(), net.metric(), Advertisements.IGNORE));
    }

    public static Network withMtu(Network net, Mtu mtu) {
        return with(
                net,
                new LinkOptions(
                        net.ifName(), net.dev(), net.up(), mtu, net.link().attributes()));
    }

    public static Network withMetric(Network net, OptionalInt metric) {
        return with(net, new IpOptions(net.addresses(), net.pools(), net.routes(), metric, net.advertisements()));
    }

    public static Network withAttributes(Network net, Map<LinkAttribute, Integer> attributes) {
        return with(net, new LinkOptions(net.ifName(), net.dev(), net.up(), net.mtu(), attributes));
    }

    public static Network copy(Network net, Forwarding forwarding) {
        return new Network(
                net.name(),
                new SegmentOptions(net.segment(), net.family(), forwarding, net.peers()),
                net.link(),
                net.ip());
    }

    /** A network whose members check what others send. */
    public static Network secured(Network net, Security mode) {
        return new Network(
                net.name(),
                new SegmentOptions(
                        net.segment(),
                        net.family(),
                        net.forwarding(),
                        net.peers(),
                        new Checks(new PortSecurity(mode, List.of()), net.ready())),
                net.link(),
                net.ip());
    }

    private static Network with(Network net, LinkOptions link) {
        return new Network(net.name(), net.shared(), link, net.ip());
    }

    private static Network with(Network net, IpOptions ip) {
        return new Network(net.name(), net.shared(), net.link(), ip);
    }

    /** All-zero entries of the pod's own VTEP and the others. */
    public static PeerTable peers(String... others) {
        return PeerTable.of(
                Stream.concat(Stream.of(LOCAL), Arrays.stream(others).map(IpAddr::parse))
                        .<Entry>map(Entry.Flood::new)
                        .toList());
    }

    /** A link whose members flood, the pod's own VTEP among them. */
    public static DesiredLink link(Network net, PeerTable peers) {
        return new DesiredLink(
                net, new DesiredLink.Vtep(LOCAL, MAC), peers, List.of(new Entry.Flood(LOCAL)), Optional.empty());
    }

    /** A link whose members are told each other's MACs and overlay addresses, which follow from their VTEPs here. */
    public static DesiredLink staticLink(Network net, String... others) {
        Network network = copy(net, Forwarding.STATIC);
        List<Entry> all = new ArrayList<>();
        List<Entry> own = List.of(
                new Entry.Flood(LOCAL),
                new Entry.Unicast(MAC, LOCAL),
                new Entry.Neighbour(IpAddr.parse("10.99.0.1"), MAC));
        all.addAll(own);
        for (String other : others) {
            all.addAll(entries(other));
        }
        return new DesiredLink(network, new DesiredLink.Vtep(LOCAL, MAC), PeerTable.of(all), own, Optional.empty());
    }

    /** A link with the pod's IPv6 address as its VTEP. */
    public static DesiredLink overIpv6(Network net, String local, String... others) {
        Entry own = new Entry.Flood(IpAddr.parse(local));
        List<Entry> all = Stream.concat(
                        Stream.of(own), Arrays.stream(others).map(IpAddr::parse).<Entry>map(Entry.Flood::new))
                .toList();
        return new DesiredLink(
                net, new DesiredLink.Vtep(IpAddr.parse(local), MAC), PeerTable.of(all), List.of(own), Optional.empty());
    }

    /** The same link, its packets filtered. */
    public static DesiredLink filtered(DesiredLink link) {
        Filter filter = Filter.of(link.segment());
        return new DesiredLink(
                link.network(),
                new DesiredLink.Vtep(link.local(), link.mac()),
                PeerTable.of(filtered(filter, link.peers().all())),
                filtered(filter, link.own()),
                Optional.of(filter));
    }

    private static List<Entry> filtered(Filter filter, Collection<Entry> entries) {
        List<Entry> all = new ArrayList<>(entries);
        for (Entry entry : entries) {
            if (entry instanceof Entry.Flood(IpAddr vtep)) {
                all.add(new Entry.Admitted(filter, vtep));
            }
        }
        return all;
    }

    /** What members of {@link #staticLink} hold of another. */
    public static List<Entry> entries(String vtep) {
        byte[] bytes = IpAddr.parse(vtep).value().getBytes();
        Mac mac = new Mac("72:78:00:00:%02x:%02x".formatted(bytes[2], bytes[3]));
        return List.of(
                new Entry.Flood(IpAddr.parse(vtep)),
                new Entry.Unicast(mac, IpAddr.parse(vtep)),
                new Entry.Neighbour(IpAddr.parse("10.99." + bytes[2] + "." + bytes[3]), mac));
    }

    public static DesiredPod want(DesiredLink... links) {
        return new DesiredPod(List.of(links), RetainedLinks.NOTHING, List.of());
    }
}
