package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.OverlayParser;
import io.github.kubevxlan.common.spec.Parsed;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Any ConfigMap: an entry per paragraph, its first line being the key. */
public final class FuzzDefinitions {
    private static final CommonConfig CONFIG = CommonConfig.read(new EnvConfig(Map.of()));

    private FuzzDefinitions() {}

    /** Throws if what holds of every ConfigMap doesn't of this one. */
    public static void fuzzerTestOneInput(byte[] input) {
        Map<String, String> data = new TreeMap<>();
        for (String entry : new String(input, StandardCharsets.UTF_8).split("\n\n", -1)) {
            String[] parts = entry.split("\n", 2);
            data.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        Definitions read = Definitions.parse(data, CONFIG.defaults());
        assertEquals(read, Definitions.parse(data, CONFIG.defaults()));
        Set<String> names = new TreeSet<>(read.usable().keySet());
        names.addAll(read.broken().keySet());
        assertEquals(data.keySet(), names);
        read.usable().values().forEach(FuzzDefinitions::checkPrinted);
        read.broken().values().forEach(broken -> checkProblems(broken.problems()));
        for (Definition one : read.usable().values()) {
            long sharing = read.usable().values().stream()
                    .filter(other -> other.segment().equals(one.segment()) && mayBeOneFamily(one, other))
                    .count();
            assertEquals(1, sharing, one::toString);
        }
        assertEquals(read.broken().isEmpty(), judge(Map.of(), data) instanceof Verdict.Allow);
        assertInstanceOf(Verdict.Allow.class, judge(data, data));
    }

    /** Holds of all problems that are told a user. */
    static void checkProblems(List<Problem> problems) {
        assertTrue(!problems.isEmpty() && problems.size() <= 40, () -> problems.size() + " problems");
        for (Problem problem : problems) {
            assertTrue(problem.line() >= 1 && problem.column() >= 1, problem::toString);
            assertTrue(problem.found().length() <= 200, problem::toString);
            assertTrue(problem.found().chars().noneMatch(Character::isISOControl), problem::toString);
        }
    }

    private static boolean mayBeOneFamily(Definition one, Definition other) {
        Optional<Family> family = one.options().family();
        Optional<Family> another = other.options().family();
        return family.isEmpty() || another.isEmpty() || family.equals(another);
    }

    private static void checkPrinted(Definition definition) {
        String printed = definition.options().toString();
        assertEquals(new Parsed<>(definition.options(), List.of()), OverlayParser.definition("printed", printed));
    }

    private static Verdict judge(Map<String, String> before, Map<String, String> after) {
        EditedConfigMap edit = new EditedConfigMap(CONFIG.configMap(), before, after);
        return new ConfigMapJudge(CONFIG, () -> true).judge(new AdmissionRequest("u", CONFIG.namespace(), edit));
    }
}
