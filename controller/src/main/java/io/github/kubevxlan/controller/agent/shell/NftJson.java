package io.github.kubevxlan.controller.agent.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.observe.ReportBounds;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.overlay.SecurityScript;
import io.github.kubevxlan.controller.overlay.SenderSet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the JSON of nftables (libnftables-json(5)): {@code nft -j list table} and {@code nft -j list set}, of our table. A
 * chain is known as whole by our comments on its rules, and their number, as versions of nftables print rules in ways of
 * their own.
 */
final class NftJson {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}|0x[0-9a-f]{1,32}");

    private NftJson() {}

    /** What an agent says that has no nft, or whose kernel has no nftables. */
    private static final String NONE = "none";

    /** Our filters; empty where the agent has none to offer, or was not asked. */
    static Optional<ObservedFilters> filters(String text, boolean knowsSecurity, String caught)
            throws MalformedReportException {
        if (text.isBlank() || text.strip().equals(NONE)) {
            return Optional.empty();
        }
        boolean isThere = false;
        Map<String, List<String>> comments = new HashMap<>();
        Map<String, Long> packets = new HashMap<>();
        for (JsonNode object : objects("filters", text)) {
            isThere |= object.has("table");
            JsonNode counter = object.path("counter");
            if (counter.isObject()) {
                packets.put(
                        counter.path("name").asText(), counter.path("packets").asLong());
            }
            if (object.path("chain").isObject()) {
                comments.putIfAbsent(object.at("/chain/name").asText(), new ArrayList<>());
            }
            if (object.path("rule").isObject()) {
                comments.computeIfAbsent(object.at("/rule/chain").asText(), _ -> new ArrayList<>())
                        .add(object.at("/rule/comment").asText());
            }
        }
        ReportBounds.check("filters", Math.max(comments.size(), packets.size()));
        return Optional.of(
                ObservedFilters.of(isThere, comments, packets, knowsSecurity, true, Optional.of(refused(caught))));
    }

    /** Whom the filters' sets of those refused of late hold, a set a line. */
    private static List<RefusedSender> refused(String text) throws MalformedReportException {
        List<RefusedSender> senders = new ArrayList<>();
        try {
            for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
                for (JsonNode object : objects("caught", line)) {
                    Optional<Filter> filter =
                            SecurityScript.caught(object.at("/set/name").asText());
                    for (JsonNode element : object.at("/set/elem")) {
                        filter.flatMap(known -> refused(known, element.path("elem")))
                                .ifPresent(senders::add);
                    }
                }
            }
        } catch (InvalidValueException e) {
            throw new MalformedReportException("caught", String.valueOf(e.getMessage()));
        }
        return senders;
    }

    private static Optional<RefusedSender> refused(Filter filter, JsonNode element) {
        JsonNode parts = element.at("/val/concat");
        Duration ago =
                SecurityScript.CAUGHT_FOR.minusSeconds(element.path("expires").asInt());
        return Refusal.ofNumber(parts.path(1).asLong())
                .map(reason ->
                        new RefusedSender(filter, IpAddr.parse(parts.path(0).asText()), reason, ago));
    }

    /** What the sets listed let through. */
    static List<Entry> admitted(String text) throws MalformedReportException {
        List<Entry> admitted = new ArrayList<>();
        try {
            for (JsonNode object : objects("admitted", text)) {
                Optional<Filter> filter = Filter.parse(object.at("/set/name").asText());
                for (JsonNode element : object.at("/set/elem")) {
                    String address = element.at("/elem/val").asText(element.asText());
                    filter.ifPresent(known -> admitted.add(new Entry.Admitted(known, IpAddr.parse(address))));
                }
            }
        } catch (InvalidValueException e) {
            throw new MalformedReportException("admitted", String.valueOf(e.getMessage()));
        }
        return admitted;
    }

    /** What a filter's sets of senders hold, a set a line. */
    static List<Entry> senders(String text) throws MalformedReportException {
        List<Entry> senders = new ArrayList<>();
        try {
            for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
                for (JsonNode object : objects("senders", line)) {
                    String name = object.at("/set/name").asText();
                    Optional<Filter> filter = Filter.parse(name.substring(0, Math.max(0, name.lastIndexOf('-'))));
                    Optional<SenderSet> set = filter.flatMap(known -> SenderSet.parse(known, name));
                    for (JsonNode element : object.at("/set/elem")) {
                        set.ifPresent(known -> senders.add(sender(filter.orElseThrow(), known, element)));
                    }
                }
            }
        } catch (InvalidValueException e) {
            throw new MalformedReportException("senders", String.valueOf(e.getMessage()));
        }
        return senders;
    }

    /** Two parts, the second a number; of the exempt one part. */
    private static Entry sender(Filter filter, SenderSet set, JsonNode element) {
        if (set == SenderSet.EXEMPT) {
            return new Entry.Exempt(filter, IpAddr.parse(element.asText()));
        }
        JsonNode parts = element.path("concat");
        return set.entry(
                filter,
                IpAddr.parse(parts.path(0).asText()),
                number(parts.path(1).asText()));
    }

    /** Decimal, or hexadecimal where it is long. */
    private static BigInteger number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new InvalidValueException(text, "a number");
        }
        return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    }

    private static JsonNode objects(String section, String text) throws MalformedReportException {
        try {
            return IpJson.tree(text).path("nftables");
        } catch (JacksonException e) {
            throw new MalformedReportException(section, IpJson.firstLine(e));
        }
    }
}
