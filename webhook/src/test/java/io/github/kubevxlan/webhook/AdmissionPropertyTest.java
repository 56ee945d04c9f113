package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AdmissionPropertyTest {
    private static final int PODS = 3_000;

    @Test
    void patchingTwiceGivesTheSameAsOnceAndLeavesAllElse() {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < PODS; seed++) {
            JsonNode pod = new RandomPods(seed).next();
            JsonNode before = pod.deepCopy();
            Verdict.Allow first = judge(pod);
            JsonNode once = StrictPatch.apply(pod, JsonPatch.toJson(first.patch()));
            JsonNode twice =
                    StrictPatch.apply(once, JsonPatch.toJson(judge(once).patch()));
            assertEquals(before, pod, "the webhook changed its input");
            assertEquals(once, twice);
            assertEquals(first.warnings(), judge(once).warnings());
            assertEquals(RandomPods.withoutOurs(pod), RandomPods.withoutOurs(once));
            outcomes.add(first.outcome());
        }
        assertEquals(Set.of("injected", "opted_out", "has_agent", "no_network"), outcomes);
    }

    private static Verdict.Allow judge(JsonNode pod) {
        return assertInstanceOf(
                Verdict.Allow.class,
                TestAdmission.ADMISSION.judge("default", Json.pod(pod), TestAdmission.DEFINITIONS, Map.of()));
    }
}
