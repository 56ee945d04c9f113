package io.github.kubevxlan.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of the listings; wide ones have further columns. */
public final class Tables {
    private Tables() {}

    /** One row a network. */
    public static Table networks(List<NetworkView> networks, boolean wide) {
        List<String> headings =
                new ArrayList<>(List.of("NAME", "VNI", "PORT", "FAMILY", "MEMBERS", "READY", "USED", "FREE"));
        if (wide) {
            headings.addAll(List.of("SUBNETS", "NAMESPACES", "DEFAULT"));
        }
        headings.add("PROBLEM");
        return new Table(
                headings, networks.stream().map(network -> row(network, wide)).toList());
    }

    /** One row for each network of each pod, one for a pod in none. */
    public static Table pods(List<PodView> pods, boolean namespaces, boolean wide) {
        List<String> headings = new ArrayList<>(namespaces ? List.of("NAMESPACE") : List.of());
        headings.addAll(List.of("NAME", "NODE", "NETWORK", "INTERFACE", "ADDRESSES", "MAC", "STATE"));
        if (wide) {
            headings.addAll(List.of("VNI", "MTU", "POD-IPS", "AGENT"));
        }
        headings.add("REASON");
        return new Table(
                headings,
                pods.stream().flatMap(pod -> rows(pod, namespaces, wide)).toList());
    }

    private static List<String> row(NetworkView network, boolean wide) {
        NetworkView.Addresses addresses = network.addresses();
        NetworkView.Access access = network.access();
        List<String> row = new ArrayList<>(List.of(
                network.name(),
                text(network.identity().vni()),
                text(network.identity().port()),
                network.identity().family(),
                Long.toString(network.pods().members()),
                Long.toString(network.pods().ready()),
                addresses.addressesFree() == null ? "" : Long.toString(addresses.addressesUsed()),
                text(addresses.addressesFree())));
        if (wide) {
            row.add(String.join(";", addresses.subnets()));
            row.add(access.namespaces().isEmpty() ? "all" : String.join(";", access.namespaces()));
            row.add(access.isDefault() ? "yes" : "no");
        }
        row.add(String.join("; ", network.problems()));
        return row;
    }

    private static Stream<List<String>> rows(PodView pod, boolean namespaces, boolean wide) {
        return pod.networks().isEmpty()
                ? Stream.of(row(pod, PodNetworkView.NONE, namespaces, wide))
                : pod.networks().stream().map(network -> row(pod, network, namespaces, wide));
    }

    private static List<String> row(PodView pod, PodNetworkView network, boolean namespaces, boolean wide) {
        List<String> row = new ArrayList<>(namespaces ? List.of(pod.namespace()) : List.of());
        row.addAll(List.of(
                pod.name(),
                pod.identity().node(),
                network.name(),
                network.link().interfaceName(),
                String.join(",", network.link().ips()),
                network.link().mac(),
                pod.state()));
        if (wide) {
            row.addAll(List.of(
                    text(network.vni()),
                    text(network.link().mtu()),
                    String.join(",", pod.identity().podIps()),
                    pod.sidecar().agent() + (pod.agentImage().isEmpty() ? "" : " " + pod.agentImage())));
        }
        row.add(network.message().isEmpty() ? pod.reason() : network.message());
        return row;
    }

    private static String text(@Nullable Number number) {
        return number == null ? "" : number.toString();
    }
}
