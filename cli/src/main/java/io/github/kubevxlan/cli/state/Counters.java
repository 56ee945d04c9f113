package io.github.kubevxlan.cli.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;

/**
 * Packets that a pod's kernel has counted.
 *
 * @param links by interface name
 * @param stopped packets by counter: those of others than peers that a filter dropped by its name, those that port security
 *     refused by FILTER-REASON
 */
public record Counters(Map<String, Link> links, Map<String, Long> stopped) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Counters {
        links = Map.copyOf(links);
        stopped = Map.copyOf(stopped);
    }

    /** Packets of one link since it was made. */
    public record Link(long received, long sent, long receiveDrops, long sendDrops) {
        /** Of a link that has not counted any. */
        public static final Link NONE = new Link(0, 0, 0, 0);
    }

    /**
     * Reads what an agent printed. It is untrusted: a text that is not what the programs print counts as none.
     *
     * @param links of {@code ip -s -j link show}
     * @param stopped of {@code nft -j list counters}
     */
    public static Counters parse(String links, String stopped) {
        Map<String, Link> byLink = new HashMap<>();
        for (JsonNode link : tree(links)) {
            JsonNode received = link.at("/stats64/rx");
            JsonNode sent = link.at("/stats64/tx");
            byLink.put(
                    link.path("ifname").asText(),
                    new Link(
                            received.path("packets").asLong(),
                            sent.path("packets").asLong(),
                            received.path("dropped").asLong(),
                            sent.path("dropped").asLong()));
        }
        Map<String, Long> byCounter = new HashMap<>();
        for (JsonNode object : tree(stopped).path("nftables")) {
            JsonNode counter = object.path("counter");
            if (counter.has("name")) {
                byCounter.put(
                        counter.path("name").asText(), counter.path("packets").asLong());
            }
        }
        return new Counters(byLink, byCounter);
    }

    /** Reads those in the output of {@code agent state}; a text that is none counts as none. */
    static Counters ofState(String text) {
        JsonNode state = tree(text);
        Map<String, Link> byLink = new HashMap<>();
        for (JsonNode link : state.path("counters")) {
            byLink.put(
                    link.path("link").asText(),
                    new Link(
                            link.path("received").asLong(),
                            link.path("sent").asLong(),
                            link.path("receive_drops").asLong(),
                            link.path("send_drops").asLong()));
        }
        Map<String, Long> byCounter = new HashMap<>();
        for (JsonNode counter : state.path("dropped")) {
            byCounter.put(counter.path(0).asText(), counter.path(1).asLong());
        }
        return new Counters(byLink, byCounter);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.createArrayNode();
        }
    }
}
