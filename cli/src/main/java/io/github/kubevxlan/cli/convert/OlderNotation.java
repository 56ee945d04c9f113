package io.github.kubevxlan.cli.convert;

import io.github.kubevxlan.common.spec.Option;
import io.github.kubevxlan.common.spec.OverlayParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Networks and their options as the older controllers read them, in the notation that is still in use. They ignored
 * options that they did not know, and of an option that is there twice they took the last; today both are mistakes.
 */
final class OlderNotation {
    private OlderNotation() {}

    /**
     * Rewrites an annotation that the older controllers accepted and today's do not. An annotation that they did not
     * accept either stays.
     *
     * @param lost takes what is left out, a sentence each
     */
    static String networks(String text, Consumer<String> lost) {
        if (OverlayParser.networks("", text).problems().isEmpty()) {
            return text;
        }
        Map<String, Map<String, String>> networks = new LinkedHashMap<>();
        Map<String, String> current = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            boolean goesOn = line.startsWith(" ") || line.startsWith("\t");
            if (goesOn && networks.isEmpty() && !line.isBlank()) {
                return text;
            }
            for (String piece : line.split(",", -1)) {
                List<String> words = words(piece);
                if (!words.isEmpty() && !goesOn) {
                    current = new LinkedHashMap<>();
                    if (networks.putIfAbsent(words.getFirst(), current) != null) {
                        lost.accept("network " + words.getFirst() + " occurs twice: the second one is left out");
                    }
                    words = words.subList(1, words.size());
                }
                put(words, current);
                goesOn = false;
            }
        }
        return networks.entrySet().stream()
                .map(network -> Stream.concat(
                                Stream.of(network.getKey()),
                                known(network.getValue(), true, network.getKey(), lost).stream())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    /** Rewrites a ConfigMap entry in the same way. */
    static String definition(String network, String text, Consumer<String> lost) {
        if (OverlayParser.definition("", text).problems().isEmpty()) {
            return text;
        }
        Map<String, String> options = new LinkedHashMap<>();
        put(words(text), options);
        return String.join(" ", known(options, false, network, lost));
    }

    /** If an option occurs twice, the last one counts. */
    private static void put(List<String> words, Map<String, String> options) {
        words.forEach(word -> options.put(word.split("=", 2)[0], word));
    }

    private static List<String> known(
            Map<String, String> options, boolean ofPod, String network, Consumer<String> lost) {
        List<String> known = new ArrayList<>();
        options.forEach((name, word) -> {
            boolean isKnown = Stream.of(Option.values())
                    .filter(option -> !ofPod || option.setter() != Option.Setter.OPERATOR)
                    .anyMatch(option -> option.toString().equals(name));
            if (isKnown) {
                known.add(word);
            } else {
                lost.accept("network " + network + ": " + word
                        + " is left out, because the older controllers did not know such an option");
            }
        });
        return known;
    }

    private static List<String> words(String text) {
        return Stream.of(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
    }
}
