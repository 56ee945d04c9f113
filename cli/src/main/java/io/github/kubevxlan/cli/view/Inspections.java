package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.AgentReport;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Counters;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.Differences;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares the desired state of a pod with its agent's report. */
public final class Inspections {
    private final ClusterState cluster;
    private final Overlay overlay;

    /** Takes what is known of the cluster. */
    public Inspections(ClusterState cluster, Overlay overlay) {
        this.cluster = cluster;
        this.overlay = overlay;
    }

    /** The report of a pod's agent, or why it could not be asked. */
    public record Asked(Optional<AgentReport> report, String unasked) {
        /** It answered. */
        public static Asked answered(AgentReport report) {
            return new Asked(Optional.of(report), "");
        }

        /** It could not be asked. */
        public static Asked not(String reason) {
            return new Asked(Optional.empty(), reason);
        }
    }

    /** One pod with all its networks. */
    public PodInspection pod(PodFacts pod, DesiredPod want, Asked asked, List<EventView> events) {
        Optional<Differences> differences = asked.report().map(report -> between(want, report));
        PodView view = Views.pod(cluster, pod);
        return new PodInspection(
                view,
                new PodInspection.Response(asked.report().isPresent(), asked.unasked()),
                waits(want, view),
                new PodInspection.Comparison(
                        want.links().stream()
                                .map(link -> link(link, asked.report()))
                                .toList(),
                        differences.map(Differences::all).orElse(List.of()),
                        differences.map(Differences::problems).orElse(List.of())),
                events);
    }

    /** A member that nobody can compare, for a reason. */
    public static MemberInspection notCompared(PodFacts pod, String why) {
        return new MemberInspection(
                new MemberInspection.Member(
                        pod.name(),
                        pod.snapshot().node(),
                        pod.snapshot().ips().stream()
                                .findFirst()
                                .map(IpAddr::toString)
                                .orElse("")),
                new MemberInspection.Flooding(0, 0),
                why,
                List.of(),
                List.of());
    }

    /** One member of a network with what it holds of the others there. */
    public MemberInspection member(PodFacts pod, DesiredPod want, DesiredLink link, Asked asked) {
        Optional<Differences> differences = asked.report().map(report -> between(want, report));
        return new MemberInspection(
                new MemberInspection.Member(
                        pod.name(), pod.snapshot().node(), link.local().toString()),
                new MemberInspection.Flooding(
                        floods(link.peers().all()) - floods(link.own()),
                        asked.report()
                                .map(report -> floods(
                                        entries(report.seen(), link.name().value())))
                                .orElse(0)),
                asked.unasked(),
                differences.map(Differences::all).orElse(List.of()).stream()
                        .filter(difference -> isAbout(difference, link, want))
                        .toList(),
                differences.map(Differences::problems).orElse(List.of()).stream()
                        .filter(problem ->
                                problem.contains("network " + link.network().name() + ":"))
                        .toList());
    }

    private Differences between(DesiredPod want, AgentReport report) {
        return Differences.between(
                cluster.settings().keys().prefix(),
                want,
                report.seen(),
                cluster.listed().whole(),
                overlay::named);
    }

    /** What is on no link is about every network of the pod, unless it is about the filter of another. */
    private static boolean isAbout(Difference difference, DesiredLink link, DesiredPod want) {
        return difference.link().equals(link.name().value())
                || (difference.link().isEmpty()
                        && want.links().stream()
                                .flatMap(each -> each.filter().stream())
                                .filter(filter ->
                                        link.filter().filter(filter::equals).isEmpty())
                                .noneMatch(filter -> difference.what().contains(filter.name())));
    }

    private static List<String> waits(DesiredPod want, PodView view) {
        return Stream.concat(
                        want.missing().stream().map(NetworkProblem::sentence),
                        Stream.of(view.reason()).filter(reason -> !reason.isEmpty()))
                .distinct()
                .toList();
    }

    private LinkView link(DesiredLink link, Optional<AgentReport> report) {
        String name = link.name().value();
        return new LinkView(
                new LinkView.Endpoint(
                        name,
                        link.network().name(),
                        link.network().vni().value(),
                        link.network().port().value(),
                        link.local().toString()),
                desired(link),
                report.flatMap(known -> known.seen().link(name).map(seen -> actual(link, seen, known.seen())))
                        .orElse(null),
                report.map(known -> packets(link, known.counters())).orElse(null));
    }

    private static LinkView.Side desired(DesiredLink link) {
        @Nullable Integer mtu = link.network().mtu() instanceof Mtu.Fixed(int bytes) ? Integer.valueOf(bytes) : null;
        return new LinkView.Side(
                new LinkView.Device(link.network().up(), link.mac().value(), mtu),
                link.network().addresses().stream()
                        .map(InterfaceAddress::toString)
                        .toList(),
                link.network().routes().stream().map(Route::toString).toList(),
                new LinkView.Peers(
                        link.peers().all().size() - (int) link.ownInPeerTable().count(),
                        link.filter().isPresent(),
                        link.security().toString()));
    }

    private static LinkView.Side actual(DesiredLink link, ObservedLink seen, ObservedPod pod) {
        return new LinkView.Side(
                new LinkView.Device(seen.up(), seen.mac().map(Mac::value).orElse(""), seen.mtu()),
                seen.addresses().stream()
                        .map(address -> address.address().toString())
                        .toList(),
                pod.routes().stream()
                        .filter(route -> route.dev().equals(seen.name()))
                        .map(route -> route.route().toString())
                        .toList(),
                new LinkView.Peers(
                        entries(pod, seen.name()).size(),
                        link.filter()
                                .filter(filter -> pod.filters()
                                        .filter(filters -> filters.isWhole(filter))
                                        .isPresent())
                                .isPresent(),
                        security(link, pod).toString()));
    }

    private static Security security(DesiredLink link, ObservedPod pod) {
        return link.filter()
                .flatMap(filter ->
                        pod.filters().map(filters -> filters.security().modes().getOrDefault(filter, Security.OFF)))
                .orElse(Security.OFF);
    }

    private static LinkView.Packets packets(DesiredLink link, Counters counters) {
        Counters.Link counted = counters.links().getOrDefault(link.name().value(), Counters.Link.NONE);
        LinkView.Stopped stopped =
                link.filter().map(filter -> stopped(filter, counters)).orElse(LinkView.Stopped.NONE);
        return new LinkView.Packets(
                counted.received(), counted.sent(), counted.receiveDrops(), counted.sendDrops(), stopped);
    }

    private static LinkView.Stopped stopped(Filter filter, Counters counters) {
        return new LinkView.Stopped(
                counters.stopped().getOrDefault(filter.name(), 0L),
                Stream.of(Refusal.values())
                        .map(reason -> new LinkView.Refused(
                                reason.toString(), counters.stopped().getOrDefault(reason.name(filter), 0L)))
                        .filter(refused -> refused.packets() > 0)
                        .toList());
    }

    private static Collection<Entry> entries(ObservedPod pod, String link) {
        return pod.fdb().get(link) instanceof FdbView.Listed(var entries) ? entries.all() : List.of();
    }

    private static int floods(Collection<Entry> entries) {
        return (int) entries.stream()
                .flatMap(entry -> entry instanceof Entry.Flood(IpAddr vtep) ? Stream.of(vtep) : Stream.empty())
                .distinct()
                .count();
    }
}
