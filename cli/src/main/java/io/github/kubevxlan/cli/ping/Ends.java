package io.github.kubevxlan.cli.ping;

import io.github.kubevxlan.cli.ping.Evidence.Dropped;
import io.github.kubevxlan.cli.ping.Evidence.Side;
import io.github.kubevxlan.cli.ping.Evidence.Tunnel;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.view.LinkView;
import io.github.kubevxlan.cli.view.LinkView.Refused;
import io.github.kubevxlan.cli.view.LinkView.Stopped;
import io.github.kubevxlan.cli.view.PodInspection;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two pods in one network, as they were before the packets.
 *
 * @param near the pod that sends
 * @param far the pod that answers
 * @param from the sender's interface in the network
 * @param to the answering pod's
 */
public record Ends(PodInspection near, PodInspection far, LinkView from, LinkView to) {
    /**
     * Finds their network.
     *
     * @param network its name; empty for the first that both are in
     * @return empty if they have none together
     */
    public static Optional<Ends> of(PodInspection near, PodInspection far, String network) {
        return near.links().stream()
                .filter(link -> network.isEmpty() || link.network().equals(network))
                .flatMap(from -> link(far, from.network()).map(to -> new Ends(near, far, from, to)).stream())
                .findFirst();
    }

    /** The addresses that packets go between, of one family; empty if an interface or its address is not there. */
    public Optional<Addresses> addresses() {
        List<String> theirs = addresses(to);
        return addresses(from).stream()
                .flatMap(mine -> theirs.stream()
                        .filter(other -> isIpv6(other) == isIpv6(mine))
                        .map(other -> new Addresses(mine, other)))
                .findFirst();
    }

    /** The addresses of both ends, without prefix lengths. */
    public record Addresses(String from, String to) {}

    /** What the smaller of the two interfaces lets through, in bytes; 0 if one is not there. */
    public int mtu() {
        return Math.min(mtu(from), mtu(to));
    }

    /** What is known where all went well. */
    public Evidence evidence(Passage overlay) {
        return evidence(overlay, Optional.empty(), near, far);
    }

    /** What is known after packets got lost, with both pods as they are now. */
    public Evidence evidence(Passage overlay, Optional<Passage> underlay, PodInspection nearNow, PodInspection farNow) {
        return new Evidence(
                overlay, underlay, new Tunnel(mtu(), from.endpoint().port()), side(nearNow, from), side(farNow, to));
    }

    private Side side(PodInspection now, LinkView before) {
        Stopped then = stopped(before);
        Stopped since = link(now, before.network()).map(Ends::stopped).orElse(then);
        Map<Boolean, List<Difference>> byReach = now.differences().stream()
                .filter(difference ->
                        difference.link().isEmpty() || difference.link().equals(before.name()))
                .collect(Collectors.partitioningBy(difference -> difference.stops(names(), pinged())));
        return new Side(
                now.pod().namespace(),
                now.pod().name(),
                byReach.getOrDefault(true, List.of()),
                byReach.getOrDefault(false, List.of()),
                new Dropped(since.strangers() - then.strangers(), refused(before, then, since)));
    }

    /** With security=log a member takes what it counts. */
    private static List<Refused> refused(LinkView link, Stopped then, Stopped since) {
        if (!link.desired().peers().security().equals("on")) {
            return List.of();
        }
        Map<String, Long> before = then.refused().stream().collect(Collectors.toMap(Refused::reason, Refused::packets));
        return since.refused().stream()
                .map(now -> new Refused(now.reason(), now.packets() - before.getOrDefault(now.reason(), 0L)))
                .filter(more -> more.packets() > 0)
                .toList();
    }

    /** What entries call the two, and their network's filter. */
    private Set<String> names() {
        Segment segment = new Segment(
                new Vni(from.endpoint().vni()), new Port(from.endpoint().port()));
        return Stream.of(
                        from.vtep(),
                        to.vtep(),
                        from.desired().device().mac(),
                        to.desired().device().mac(),
                        Filter.of(new SegmentKey(segment, isIpv6(from.vtep()))).name())
                .collect(Collectors.toSet());
    }

    /** The addresses that packets go between; where they have none in common, all that they should have. */
    private List<IpAddr> pinged() {
        return addresses()
                .map(used -> Stream.of(used.from(), used.to()))
                .orElseGet(() -> Stream.of(from, to)
                        .flatMap(link -> link.desired().addresses().stream())
                        .map(address -> address.replaceFirst("/.*", "")))
                .map(IpAddr::parse)
                .toList();
    }

    private static Stopped stopped(LinkView link) {
        return Optional.ofNullable(link.counters())
                .map(LinkView.Packets::stopped)
                .orElse(Stopped.NONE);
    }

    private static Optional<LinkView> link(PodInspection pod, String network) {
        return pod.links().stream()
                .filter(link -> link.network().equals(network))
                .findFirst();
    }

    /** Those of the network, not those that each interface has by itself; IPv4 first. */
    private static List<String> addresses(LinkView link) {
        return Optional.ofNullable(link.actual()).map(LinkView.Side::addresses).orElse(List.of()).stream()
                .map(address -> address.replaceFirst("/.*", ""))
                .filter(address -> !address.startsWith("fe80:"))
                .sorted((one, other) -> Boolean.compare(isIpv6(one), isIpv6(other)))
                .toList();
    }

    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
    }

    private static int mtu(LinkView link) {
        return Optional.ofNullable(link.actual())
                .map(side -> Objects.requireNonNullElse(side.device().mtu(), 0))
                .orElse(0);
    }
}
