package io.github.kubevxlan.controller.agent.shell;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.PeerTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a script's output. */
public final class Report {
    private static final Pattern DIGEST = Pattern.compile("(?m)^([0-9a-f]{64})\\b");
    private static final int MAX_ERRORS = 20;
    private static final int MAX_ERROR = 200;

    private Report() {}

    /**
     * Reads a script's output, the end line excluded.
     *
     * @param reportRequest what it was to report
     * @throws MalformedReportException if a part is not what the programs print, or is not there: what an agent did not
     *     tell must not be taken for what the pod does not have
     */
    public static ObservedPod parse(String output, String nonce, ReportRequest reportRequest)
            throws MalformedReportException {
        Sections sections = Sections.split(output, nonce);
        List<String> errors = errors(sections.complaints());
        if (reportRequest.devices()) {
            for (String name : List.of("devices", "routes", "filters", "without-ipv6")) {
                require(sections.isGood(name), name, sections, errors);
            }
            require(!sections.text("devices").isBlank(), "devices", sections, errors);
            require(!reportRequest.qdiscs() || sections.isGood("qdiscs"), "qdiscs", sections, errors);
        }
        for (boolean ipv6 : new boolean[] {false, true}) {
            String name = "foreign -" + (ipv6 ? 6 : 4);
            boolean isAsked =
                    reportRequest.destinations().stream().map(Cidr::network).anyMatch(ip -> ip.isIpv6() == ipv6);
            require(!isAsked || sections.isGood(name), name, sections, errors);
        }
        for (DesiredLink link : reportRequest.digests()) {
            String name = "digest " + link.name();
            require(sections.isWhole(name), name, sections, errors);
        }
        for (DesiredLink link : reportRequest.lists()) {
            for (String kind : List.of("entries ", "neighbours ")) {
                String name = kind + link.name();
                require(sections.isGood(name) || isOfNoDevice(name, sections), name, sections, errors);
            }
            if (link.filter().isPresent()) {
                String name = "admitted " + link.name();
                require(sections.isWhole(name), name, sections, errors);
            }
            if (link.secured().isPresent()) {
                String name = "senders " + link.name();
                require(sections.isWhole(name), name, sections, errors);
            }
        }
        return read(sections, errors);
    }

    /** What iproute2 says of a device that is not there. */
    private static boolean isOfNoDevice(String name, Sections sections) {
        return sections.isWhole(name) && sections.text(name).contains("Cannot find device");
    }

    private static void require(boolean isThere, String name, Sections sections, List<String> errors)
            throws MalformedReportException {
        if (!isThere) {
            List<String> words = errors(sections.text(name));
            throw new MalformedReportException(
                    name,
                    Stream.concat(Stream.of("it is missing or incomplete"), (words.isEmpty() ? errors : words).stream())
                            .limit(2)
                            .collect(Collectors.joining(": ")));
        }
    }

    /** Reads what is there. */
    static ObservedPod read(String output, String nonce) throws MalformedReportException {
        Sections sections = Sections.split(output, nonce);
        return read(sections, errors(sections.complaints()));
    }

    private static ObservedPod read(Sections sections, List<String> errors) throws MalformedReportException {
        ReportBounds.check("tables", sections.names().size());
        Set<String> withoutIpv6 =
                sections.text("without-ipv6").lines().map(String::strip).collect(Collectors.toCollection(HashSet::new));
        ReportBounds.check("without-ipv6", withoutIpv6.size());
        Map<String, FdbView> fdb = new HashMap<>();
        for (String name : sections.names()) {
            String[] words = name.split(" ", 2);
            if (words.length < 2) {
                continue;
            }
            String text = sections.text(name);
            if (words[0].equals("digest")) {
                Matcher matcher = DIGEST.matcher(text);
                if (matcher.find()) {
                    fdb.putIfAbsent(words[1], new FdbView.Digest(matcher.group(1)));
                }
            } else if (words[0].equals("entries") && !isOfNoDevice(name, sections)) {
                List<Entry> entries = new ArrayList<>(IpJson.entries(text));
                entries.addAll(IpJson.neighbours(sections.text("neighbours " + words[1])));
                entries.addAll(NftJson.admitted(sections.text("admitted " + words[1])));
                entries.addAll(NftJson.senders(sections.text("senders " + words[1])));
                fdb.put(words[1], new FdbView.Listed(PeerTable.of(entries)));
            }
        }
        return new ObservedPod(
                new ObservedPod.Devices(
                        TcJson.with(IpJson.links(sections.text("devices")), sections.text("qdiscs")), withoutIpv6),
                new ObservedPod.Routing(
                        IpJson.routes(sections.text("routes")),
                        Stream.concat(
                                        IpJson.foreignRoutes(sections.text("foreign -4"), false).stream(),
                                        IpJson.foreignRoutes(sections.text("foreign -6"), true).stream())
                                .toList()),
                NftJson.filters(sections.text("filters"), sections.isGood("security"), sections.text("caught")),
                fdb,
                new ObservedPod.Diagnostics(errors, Optional.empty()));
    }

    private static List<String> errors(String complaints) {
        List<String> errors = new ArrayList<>();
        complaints
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(MAX_ERRORS)
                .forEach(line -> {
                    String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
                    errors.add(printable.length() > MAX_ERROR ? printable.substring(0, MAX_ERROR) + "…" : printable);
                });
        return errors;
    }
}
