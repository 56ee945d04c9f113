package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.plan.Entry;
import io.github.kubevxlan.controller.plan.FdbView;
import io.github.kubevxlan.controller.plan.ObservedPod;
import io.github.kubevxlan.controller.plan.Vteps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Splits a script's output at its section lines, {@code @NONCE SECTION}, and reads each section. */
public final class Report {
    private static final Pattern DIGEST = Pattern.compile("(?m)^([0-9a-f]{64})\\b");
    private static final int MAX_ERRORS = 20;
    private static final int MAX_ERROR = 200;

    private Report() {}

    /**
     * Reads a script's output, the end line excluded.
     *
     * @throws MalformedReportException if a section is not what the programs print
     */
    public static ObservedPod parse(String output, String nonce) throws MalformedReportException {
        String mark = "@" + nonce + " ";
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        StringBuilder complaints = current;
        for (int from = 0; from <= output.length(); ) {
            int to = lineEnd(output, from);
            if (output.startsWith(mark, from)) {
                current =
                        sections.computeIfAbsent(output.substring(from + mark.length(), to), _ -> new StringBuilder());
            } else {
                current.append(output, from, to).append('\n');
            }
            from = to + 1;
        }
        Map<String, FdbView> fdb = new HashMap<>();
        for (Map.Entry<String, StringBuilder> section : sections.entrySet()) {
            String[] words = section.getKey().split(" ", 2);
            if (words.length < 2) {
                continue;
            }
            String text = section.getValue().toString();
            if (words[0].equals("digest")) {
                Matcher matcher = DIGEST.matcher(text);
                if (matcher.find()) {
                    fdb.putIfAbsent(words[1], new FdbView.Digest(matcher.group(1)));
                }
            } else if (words[0].equals("entries")) {
                List<Entry> entries = new ArrayList<>(IpJson.entries(text));
                entries.addAll(IpJson.neighbours(text(sections, "neighbours " + words[1])));
                entries.addAll(NftJson.admitted(text(sections, "admitted " + words[1])));
                fdb.put(words[1], new FdbView.Listed(Vteps.of(entries)));
            }
        }
        return new ObservedPod(
                IpJson.links(text(sections, "devices")),
                IpJson.routes(text(sections, "routes")),
                Stream.concat(
                                IpJson.foreignRoutes(text(sections, "foreign -4"), false).stream(),
                                IpJson.foreignRoutes(text(sections, "foreign -6"), true).stream())
                        .toList(),
                NftJson.filters(text(sections, "filters")),
                fdb,
                errors(complaints.toString()));
    }

    /** Where the line ends that begins there. A list of all lines would take many times what they hold. */
    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static String text(Map<String, StringBuilder> sections, String name) {
        StringBuilder text = sections.get(name);
        return text == null ? "" : text.toString();
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
