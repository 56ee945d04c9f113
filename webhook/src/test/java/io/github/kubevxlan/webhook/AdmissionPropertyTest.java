package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionPropertyTest {
    private static final int PODS = 5_000;

    @ParameterizedTest
    @EnumSource(AgentMode.class)
    void patchingTwiceGivesTheSameAsOnceAndLeavesAllElse(AgentMode mode) {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < PODS; seed++) {
            JsonNode pod = new RandomPods(seed).next();
            JsonNode before = pod.deepCopy();
            try {
                Verdict.Allow first = assertInstanceOf(Verdict.Allow.class, PodProperties.judge(mode, pod));
                assertEquals(before, pod, "the webhook changed its input");
                PodProperties.check(mode, pod, first);
                outcomes.add(first.outcome());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + Json.print(before), e);
            }
        }
        assertEquals(Set.of("injected", "opted_out", "has_agent"), outcomes);
    }
}
