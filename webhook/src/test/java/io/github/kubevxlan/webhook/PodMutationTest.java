package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodMutationTest {
    private static final AgentSettings AGENT = new AgentSettings("registry.test/agent:1", "IfNotPresent");

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with-init-containers-and-volumes", "guaranteed", "pod-level-resources"})
    void makesPatchAsRecorded(String name) {
        JsonNode pod = Json.resource("PodMutationTest/" + name + ".pod.json");
        assertEquals(
                Json.print(Json.resource("PodMutationTest/" + name + ".patch.json")),
                Json.print(JsonPatch.toJson(plan(pod, true))));
    }

    @Test
    void keepsOrderOfOtherInitContainersBehindAgent() {
        JsonNode pod = Json.resource("PodMutationTest/with-init-containers-and-volumes.pod.json");
        JsonNode patched = StrictPatch.apply(pod, JsonPatch.toJson(plan(pod, true)));
        assertEquals(
                List.of("vxlan-controller-agent", "first", "second"),
                StreamSupport.stream(patched.at("/spec/initContainers").spliterator(), false)
                        .map(container -> container.path("name").asText())
                        .toList());
    }

    @Test
    void leavesStartupProbeOutForPodThatDoesNotWait() {
        JsonNode pod = Json.resource("PodMutationTest/plain.pod.json");
        JsonNode waiting = StrictPatch.apply(pod, JsonPatch.toJson(plan(pod, true)));
        JsonNode free = StrictPatch.apply(pod, JsonPatch.toJson(plan(pod, false)));
        JsonNode removal = Json.parse("[{'op':'remove','path':'/spec/initContainers/0/startupProbe'}]");
        assertEquals(StrictPatch.apply(waiting, removal), free);
    }

    @ParameterizedTest
    @ValueSource(strings = {"containers", "initContainers"})
    void leavesPodWithAgentAlone(String list) {
        JsonNode pod = Json.parse("{'metadata':{},'spec':{'%s':[{'name':'vxlan-controller-agent'}]}}".formatted(list));
        assertEquals(List.of(), plan(pod, true));
    }

    private static List<PatchOp> plan(JsonNode pod, boolean holdsBack) {
        PodTree tree = Json.pod(pod);
        return PodMutation.plan(tree, AgentTemplate.of(AGENT, holdsBack, tree));
    }
}
