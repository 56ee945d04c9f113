package io.github.kubevxlan.controller.agent.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the JSON of nftables (libnftables-json(5)): {@code nft -j list table} and {@code nft -j list set}, of our table. A
 * chain is known as whole by our comments on its rules, and their number, as versions of nftables print rules in ways of
 * their own.
 */
final class NftJson {
    private NftJson() {}

    /** What an agent says that has no nft, or whose kernel has no nftables. */
    private static final String NONE = "none";

    /** Our filters; empty where the agent has none to offer, or was not asked. */
    static Optional<ObservedFilters> filters(String text) throws MalformedReportException {
        if (text.isBlank() || text.strip().equals(NONE)) {
            return Optional.empty();
        }
        boolean isThere = false;
        Map<Filter, List<String>> comments = new HashMap<>();
        List<String> guarded = new ArrayList<>();
        Map<Filter, Long> dropped = new HashMap<>();
        for (JsonNode object : objects("filters", text)) {
            isThere |= object.has("table");
            if (object.at("/rule/chain").asText().equals(ObservedFilters.GUARD)) {
                guarded.add(object.at("/rule/comment").asText());
            }
            Filter.parse(object.at("/counter/name").asText())
                    .ifPresent(filter ->
                            dropped.put(filter, object.at("/counter/packets").asLong()));
            Filter.parse(object.at("/chain/name").asText())
                    .ifPresent(filter -> comments.putIfAbsent(filter, new ArrayList<>()));
            Filter.parse(object.at("/rule/chain").asText())
                    .ifPresent(filter -> comments.computeIfAbsent(filter, _ -> new ArrayList<>())
                            .add(object.at("/rule/comment").asText()));
        }
        Map<Filter, Boolean> whole = new HashMap<>();
        comments.forEach((filter, found) -> whole.put(filter, found.equals(filter.comments())));
        return Optional.of(new ObservedFilters(isThere, whole, guarded, dropped));
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

    private static JsonNode objects(String section, String text) throws MalformedReportException {
        try {
            return IpJson.tree(text).path("nftables");
        } catch (JacksonException e) {
            throw new MalformedReportException(section, IpJson.firstLine(e));
        }
    }
}
