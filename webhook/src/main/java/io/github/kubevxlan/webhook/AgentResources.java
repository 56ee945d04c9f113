package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an agent asks of its node, by resource name ({@code cpu}, {@code memory}, {@code ephemeral-storage}); no request
 * is above its limit.
 *
 * @param requests in order of their names
 * @param limits in order of their names
 */
public record AgentResources(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String EPHEMERAL_STORAGE = "ephemeral-storage";
    static final List<String> NAMES = List.of(CPU, EPHEMERAL_STORAGE, MEMORY);
    static final AgentResources NONE = new AgentResources(Map.of(), Map.of());

    private static final String NOTHING = "none";
    private static final String ALLOWED = "requests.NAME=QUANTITY and limits.NAME=QUANTITY with commas between them,"
            + " NAME being cpu, memory or ephemeral-storage; or none";

    public AgentResources {
        requests = Collections.unmodifiableMap(new TreeMap<>(requests));
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        for (Map.Entry<String, Quantity> limit : limits.entrySet()) {
            Quantity request = requests.getOrDefault(limit.getKey(), limit.getValue());
            if (request.compareTo(limit.getValue()) > 0) {
                throw new InvalidValueException(
                        request.toString(),
                        "requests.%s of at most limits.%s, which is %s"
                                .formatted(limit.getKey(), limit.getKey(), limit.getValue()));
            }
        }
    }

    /** Reads {@code requests.cpu=10m,limits.memory=64Mi} or {@code none}; throws InvalidValueException for a mistake. */
    static AgentResources parse(String text) {
        if (text.equals(NOTHING)) {
            return NONE;
        }
        Map<String, Quantity> requests = new TreeMap<>();
        Map<String, Quantity> limits = new TreeMap<>();
        for (String entry : text.split(",", -1)) {
            String[] parts = entry.split("[.=]", 3);
            boolean isKnown = parts.length == 3 && NAMES.contains(parts[1]);
            if (isKnown && parts[0].equals("requests")) {
                requests.put(parts[1], Quantity.parse(parts[2]));
            } else if (isKnown && parts[0].equals("limits")) {
                limits.put(parts[1], Quantity.parse(parts[2]));
            } else {
                throw new InvalidValueException(entry, ALLOWED);
            }
        }
        return new AgentResources(requests, limits);
    }

    /**
     * Reads what agents ask for in Guaranteed pods: a limit or a request stands for both.
     *
     * @throws InvalidValueException also where the two differ, or one of {@code cpu} and {@code memory} is missing
     */
    static AgentResources parseGuaranteed(String text) {
        AgentResources read = parse(text);
        Map<String, Quantity> both = new TreeMap<>(read.requests);
        both.putAll(read.limits);
        boolean areEqual = both.entrySet().containsAll(read.requests.entrySet());
        if (!areEqual || !both.keySet().containsAll(Set.of(CPU, MEMORY))) {
            throw new InvalidValueException(text, "limits of cpu and memory, and requests that are equal to them");
        }
        return new AgentResources(both, both);
    }

    /** The core/v1 ResourceRequirements; empty where nothing is asked for. */
    Optional<ObjectNode> toJson() {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        put(resources, "requests", requests);
        put(resources, "limits", limits);
        return resources.isEmpty() ? Optional.empty() : Optional.of(resources);
    }

    /** As it is parsed. */
    @Override
    public String toString() {
        return requests.isEmpty() && limits.isEmpty()
                ? NOTHING
                : Stream.concat(print("requests", requests), print("limits", limits))
                        .collect(Collectors.joining(","));
    }

    private static Stream<String> print(String kind, Map<String, Quantity> quantities) {
        return quantities.entrySet().stream().map(entry -> kind + "." + entry.getKey() + "=" + entry.getValue());
    }

    private static void put(ObjectNode resources, String kind, Map<String, Quantity> quantities) {
        if (!quantities.isEmpty()) {
            ObjectNode node = resources.putObject(kind);
            quantities.forEach((name, quantity) -> node.put(name, quantity.toString()));
        }
    }
}
