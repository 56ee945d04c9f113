package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionPropertyTest {
    private static final int PODS = 3_000;

    @ParameterizedTest
    @EnumSource(AgentMode.class)
    void patchingTwiceGivesTheSameAsOnceAndLeavesAllElse(AgentMode mode) {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < PODS; seed++) {
            JsonNode pod = new RandomPods(seed).next();
            JsonNode before = pod.deepCopy();
            Verdict.Allow first = judge(mode, pod);
            JsonNode once = StrictPatch.apply(pod, JsonPatch.toJson(first.patch()));
            JsonNode twice =
                    StrictPatch.apply(once, JsonPatch.toJson(judge(mode, once).patch()));
            assertEquals(before, pod, "the webhook changed its input");
            assertEquals(once, twice);
            assertEquals(first.warnings(), judge(mode, once).warnings());
            assertEquals(RandomPods.withoutOurs(pod), RandomPods.withoutOurs(once));
            outcomes.add(first.outcome());
        }
        assertEquals(Set.of("injected", "opted_out", "has_agent", "no_network"), outcomes);
    }

    private static Verdict.Allow judge(AgentMode mode, JsonNode pod) {
        Admission admission = new Admission(TestAdmission.KEYS, TestAdmission.AGENT, mode);
        return assertInstanceOf(
                Verdict.Allow.class,
                admission.judge("default", Json.pod(pod), TestAdmission.DEFINITIONS, TestAdmission.facts(Map.of())));
    }
}
