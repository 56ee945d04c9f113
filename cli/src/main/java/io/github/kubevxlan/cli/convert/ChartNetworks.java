package io.github.kubevxlan.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The networks of a chart's pod, on one line. They take in what the chart's values say elsewhere of their interfaces.
 *
 * @param words the options of each network, by its name
 */
record ChartNetworks(Map<String, List<String>> words) {
    private static final String ADDRESSES = "ip=";
    private static final String ROUTES = "route=";

    /** Reads them; {@code lost} takes what is left out, a sentence each. */
    static ChartNetworks read(String text, Consumer<String> lost) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        for (String piece : OlderNotation.networks(text, lost).split("[,\n]", -1)) {
            List<String> all = new ArrayList<>(Stream.of(piece.strip().split(" +"))
                    .filter(word -> !word.isEmpty())
                    .toList());
            if (!all.isEmpty()) {
                words.put(all.removeFirst(), all);
            }
        }
        return new ChartNetworks(words);
    }

    /** Takes an address or a state of one of their interfaces; tells whether it did. */
    boolean takeInterface(JsonNode element) {
        Optional<List<String>> its = words.entrySet().stream()
                .filter(network ->
                        interfaceName(network).equals(element.path("interface").asText()))
                .map(Map.Entry::getValue)
                .findFirst();
        if (its.isEmpty()) {
            return false;
        }
        return switch (element.path("type").asText() + " "
                + element.path("action").asText()) {
            case "ip " ->
                isRead(() -> add(
                        its.get(),
                        ADDRESSES,
                        InterfaceAddress.parse(element.path("addr").asText())));
            case "interface up" -> state(its.get(), "up");
            case "interface down" -> state(its.get(), "up=false");
            default -> false;
        };
    }

    /** Takes a route as {@code ip route} reads it, through a gateway in one of their networks; tells whether it did. */
    boolean takeRoute(JsonNode element) {
        String[] route = element.asText().strip().split(" +", -1);
        return route.length == 3
                && route[1].equals("via")
                && isRead(() -> {
                    boolean isIpv6 = route[0].contains(":");
                    Route parsed =
                            Route.parse(isIpv6 ? "[%s]:[%s]".formatted(route[0], route[2]) : route[0] + ":" + route[2]);
                    IpAddr gateway = IpAddr.parse(route[2]);
                    List<String> its = words.values().stream()
                            .filter(options -> addresses(options)
                                    .anyMatch(address -> address.network().contains(gateway)))
                            .findFirst()
                            .orElseThrow(() -> new InvalidValueException(route[2], "a gateway in one of the networks"));
                    if (parsed.destination().isDefault()) {
                        throw new InvalidValueException(route[0], "a route that a pod may set");
                    }
                    add(its, ROUTES, parsed);
                });
    }

    private static boolean isRead(Runnable parsing) {
        try {
            parsing.run();
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    private static void add(List<String> options, String option, Object value) {
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).startsWith(option)) {
                options.set(i, options.get(i) + ";" + value);
                return;
            }
        }
        options.add(option + value);
    }

    private static boolean state(List<String> options, String state) {
        options.removeIf(option -> option.equals("up") || option.startsWith("up="));
        options.add(state);
        return true;
    }

    private static Stream<InterfaceAddress> addresses(List<String> options) {
        return options.stream()
                .filter(option -> option.startsWith(ADDRESSES))
                .flatMap(
                        option -> Stream.of(option.substring(ADDRESSES.length()).split(";")))
                .map(InterfaceAddress::parse);
    }

    private static String interfaceName(Map.Entry<String, List<String>> network) {
        return network.getValue().stream()
                .filter(option -> option.startsWith("name="))
                .map(option -> option.substring("name=".length()))
                .findFirst()
                .orElse(network.getKey());
    }

    @Override
    public String toString() {
        return words.entrySet().stream()
                .map(network -> Stream.concat(Stream.of(network.getKey()), network.getValue().stream())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", "));
    }
}
