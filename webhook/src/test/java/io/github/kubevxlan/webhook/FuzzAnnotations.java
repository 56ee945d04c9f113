package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.spec.Entry;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.OverlayParser;
import io.github.kubevxlan.common.spec.Parsed;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Any text of the annotations {@code networks} and {@code names}, on a pod and on its namespace. */
public final class FuzzAnnotations {
    private static final Resolver RESOLVER = new Resolver(TestAdmission.KEYS, TestAdmission.DEFINITIONS);

    private FuzzAnnotations() {}

    /** Throws if what holds of every text doesn't of this one. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        checkPrinted(OverlayParser.networks("networks", text));
        checkPrinted(OverlayParser.names("names", text));
        for (String key : List.of(TestAdmission.KEYS.networks(), TestAdmission.KEYS.names())) {
            Map<String, String> annotations = Map.of(key, text);
            Resolution ofPod = RESOLVER.resolve("default", annotations, Map.of());
            Resolution ofNamespace = RESOLVER.resolve("default", Map.of(), annotations);
            assertEquals(ofPod.networks(), ofNamespace.networks());
            checkResolution(ofPod);
        }
    }

    private static void checkPrinted(Parsed<List<Entry>> parsed) {
        Parsed<List<Entry>> again = OverlayParser.networks("printed", OverlayParser.print(parsed.value()));
        assertEquals(List.of(), again.problems());
        assertEquals(withoutPlaces(parsed.value()), withoutPlaces(again.value()));
        if (!parsed.problems().isEmpty()) {
            FuzzDefinitions.checkProblems(parsed.problems());
        }
    }

    private static void checkResolution(Resolution resolution) {
        if (!resolution.problems().isEmpty()) {
            FuzzDefinitions.checkProblems(resolution.problems());
        }
        List<Network> networks = resolution.networks();
        assertEquals(
                networks.size(),
                networks.stream().map(Network::ifName).distinct().count());
        assertEquals(
                networks.size(),
                networks.stream().map(Network::segment).distinct().count());
        for (Network network : networks) {
            assertTrue(TestAdmission.DEFINITIONS.usable().containsKey(network.name()));
            assertTrue(networks.stream().noneMatch(other -> other.dev().equals(network.ifName())), network::toString);
        }
    }

    private static Map<String, Object> withoutPlaces(List<Entry> entries) {
        return entries.stream().collect(Collectors.toMap(Entry::network, Entry::options));
    }
}
