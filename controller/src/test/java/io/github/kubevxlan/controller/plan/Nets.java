package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Network;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Networks and VTEPs for tests, in few words. */
public final class Nets {
    public static final String PREFIX = "vxlan.travelping.com";
    public static final IpAddr LOCAL = IpAddr.parse("10.244.1.1");

    private Nets() {}

    public static Network net(String name, int vni) {
        return new Network(
                name,
                new Vni(vni),
                new Port(8472),
                new IfName(name),
                new IfName("eth0"),
                true,
                List.of(),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                Mtu.AUTO,
                List.of());
    }

    public static Network with(Network net, List<String> addresses, List<String> routes) {
        return copy(
                net,
                net.ifName(),
                addresses.stream().map(InterfaceAddress::parse).toList(),
                routes.stream().map(Route::parse).toList(),
                net.mtu());
    }

    public static Network named(Network net, String ifName) {
        return copy(net, new IfName(ifName), net.addresses(), net.routes(), net.mtu());
    }

    public static Network withMtu(Network net, Mtu mtu) {
        return copy(net, net.ifName(), net.addresses(), net.routes(), mtu);
    }

    private static Network copy(
            Network net, IfName ifName, List<InterfaceAddress> addresses, List<Route> routes, Mtu mtu) {
        return new Network(
                net.name(),
                net.vni(),
                net.port(),
                ifName,
                net.dev(),
                net.up(),
                addresses,
                net.pools(),
                routes,
                net.metric(),
                mtu,
                net.peers());
    }

    /** The pod's own VTEP and the others. */
    public static Vteps vteps(String... others) {
        List<IpAddr> all = new java.util.ArrayList<>(
                Arrays.stream(others).map(IpAddr::parse).toList());
        all.add(LOCAL);
        return Vteps.of(all);
    }

    public static DesiredPod want(DesiredLink... links) {
        return new DesiredPod(LOCAL, List.of(links), Frozen.NOTHING, List.of());
    }
}
