package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Inspections as text for people. */
public final class InspectionText {
    private InspectionText() {}

    /** A pod: what it waits for, each interface as it should be and as it is, differences, Events. */
    public static String pod(PodInspection inspection, Ink ink) {
        PodView pod = inspection.pod();
        StringBuilder text = new StringBuilder();
        text.append("Pod      ")
                .append(pod.namespace())
                .append('/')
                .append(pod.name())
                .append('\n');
        text.append("Node     ")
                .append(pod.identity().node())
                .append("   IPs ")
                .append(String.join(",", pod.identity().podIps()))
                .append('\n');
        text.append("Agent    ")
                .append(pod.sidecar().agent())
                .append("   ")
                .append(Table.printable(pod.agentImage()))
                .append('\n');
        text.append("State    ").append(ink.state(Table.printable(pod.state()))).append('\n');
        list(text, "Waits for", inspection.waitsFor());
        inspection.links().forEach(link -> text.append('\n').append(link(link)));
        text.append('\n');
        if (!inspection.asked()) {
            text.append(ink.bad("Not compared: " + Table.printable(inspection.unasked())))
                    .append('\n');
        } else if (inspection.differences().isEmpty()) {
            text.append(ink.good("No difference: the kernel holds what it should."))
                    .append('\n');
        } else {
            text.append(ink.bad(inspection.differences().size() + " differences:"))
                    .append('\n');
            inspection
                    .differences()
                    .forEach(difference ->
                            text.append("  ").append(line(difference)).append('\n'));
        }
        list(text, "Cannot be set up", inspection.problems());
        list(
                text,
                "Events",
                inspection.events().stream()
                        .map(event -> String.join(" ", event.time(), event.type(), event.reason(), event.message()))
                        .toList());
        return text.toString();
    }

    /** A network: its members in a table, then what differs. */
    public static String network(String network, List<MemberInspection> members, Ink ink) {
        List<List<String>> rows = members.stream()
                .map(member -> List.of(
                        member.member().pod(),
                        member.member().node(),
                        member.member().vtep(),
                        Integer.toString(member.flooding().peers()),
                        member.unasked().isEmpty()
                                ? Integer.toString(member.flooding().held())
                                : "?",
                        Integer.toString(member.differences().size()),
                        member.unasked()))
                .toList();
        StringBuilder text = new StringBuilder(
                new Table(List.of("POD", "NODE", "VTEP", "PEERS", "HELD", "DIFFERENCES", "NOT-ASKED"), rows).text());
        for (MemberInspection member : members) {
            Stream.concat(
                            member.differences().stream().map(InspectionText::line),
                            member.problems().stream().map(Table::printable))
                    .forEach(line -> text.append(ink.bad(member.member().pod() + ": "))
                            .append(line)
                            .append('\n'));
        }
        if (members.stream().noneMatch(MemberInspection::isAmiss)) {
            text.append(ink.good("No difference in network " + network + ".")).append('\n');
        }
        return text.toString();
    }

    private static String line(Difference difference) {
        return Table.printable(difference.words());
    }

    private static void list(StringBuilder text, String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append(heading).append(":\n");
            lines.forEach(
                    line -> text.append("  ").append(Table.printable(line)).append('\n'));
        }
    }

    private static String link(LinkView link) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("state", link, side -> side.device().up() ? "up" : "down"));
        rows.add(row("mac", link, side -> side.device().mac()));
        rows.add(row(
                "mtu",
                link,
                side -> side.device().mtu() == null
                        ? "auto"
                        : side.device().mtu().toString()));
        rows.add(row("addresses", link, side -> String.join(" ", side.addresses())));
        rows.add(row("routes", link, side -> String.join(" ", side.routes())));
        rows.add(row("entries", link, side -> Integer.toString(side.peers().entries())));
        rows.add(row("filter", link, side -> side.peers().filtered() ? "on" : "off"));
        rows.add(row("security", link, side -> side.peers().security()));
        String heading = "%s (network %s, VNI %d, UDP port %d, from %s)"
                .formatted(
                        link.name(),
                        link.network(),
                        link.endpoint().vni(),
                        link.endpoint().port(),
                        link.vtep());
        return new Table(List.of(heading, "SHOULD BE", "IS"), rows).text() + packets(link.counters());
    }

    private static String packets(LinkView.@Nullable Packets packets) {
        return packets == null
                ? ""
                : "received %d, sent %d, dropped %d and %d, dropped by the filter %d%s%n"
                        .formatted(
                                packets.received(),
                                packets.sent(),
                                packets.receiveDrops(),
                                packets.sendDrops(),
                                packets.stopped().strangers(),
                                refused(packets.stopped().refused()));
    }

    private static String refused(List<LinkView.Refused> refused) {
        return refused.isEmpty()
                ? ""
                : ", refused by port security: "
                        + refused.stream().map(LinkView.Refused::words).collect(Collectors.joining(", "));
    }

    private static List<String> row(String name, LinkView link, Function<LinkView.Side, String> value) {
        return List.of(
                "  " + name, value.apply(link.desired()), link.actual() == null ? "?" : value.apply(link.actual()));
    }
}
