package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodMutationTest {
    private static final AgentSettings AGENT = TestAdmission.AGENT;

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
        assertEquals("vxlan-controller-agent first second", names(patched, "initContainers"));
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
    @ValueSource(strings = {"plain", "guaranteed", "older-manifest"})
    void makesPatchOfClassicModeAsRecorded(String name) {
        JsonNode pod = Json.resource("PodMutationTest/" + name + ".pod.json");
        assertEquals(
                Json.print(Json.resource("PodMutationTest/" + name + ".classic-patch.json")),
                Json.print(JsonPatch.toJson(plan(AgentMode.CLASSIC, pod, true))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NATIVE | true | first vxlan-controller-agent second | app",
                "CLASSIC | true | first vxlan-controller-agent-init second | app vxlan-controller-agent",
                "CLASSIC | false | first second | app vxlan-controller-agent",
            })
    void takesPlaceOfExistingAgents(AgentMode mode, boolean holdsBack, String init, String containers) {
        JsonNode pod = Json.resource("PodMutationTest/older-manifest.pod.json");
        JsonNode patched = StrictPatch.apply(pod, JsonPatch.toJson(plan(mode, pod, holdsBack)));
        assertEquals(init, names(patched, "initContainers"));
        assertEquals(containers, names(patched, "containers"));
    }

    @Test
    void takesPlaceOfSidecarOfFirstController() {
        JsonNode pod = Json.parse("{'metadata':{},'spec':{'containers':[{'name':'vxlan-controller-agent',"
                + "'image':'openvnf/kube-vxlan-controller-agent'},{'name':'app'}]}}");
        JsonNode inNative = StrictPatch.apply(pod, JsonPatch.toJson(plan(AgentMode.NATIVE, pod, true)));
        assertEquals("vxlan-controller-agent", names(inNative, "initContainers"));
        assertEquals("app", names(inNative, "containers"));
        JsonNode classic = StrictPatch.apply(pod, JsonPatch.toJson(plan(AgentMode.CLASSIC, pod, true)));
        assertEquals("vxlan-controller-agent-init", names(classic, "initContainers"));
        assertEquals("vxlan-controller-agent app", names(classic, "containers"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null | pull another",
                "[] | pull another",
                "[{'name':'own'},{'name':'another'}] | own another pull",
                "[{'name':'another'},{'name':'pull'}] | another pull",
            })
    void addsSecretsToPullTheAgentWithBehindThePodsOwn(String there, String expected) {
        AgentSettings settings = new AgentSettings(
                new AgentImage("registry.test/agent:1", "IfNotPresent", List.of("pull", "another")),
                true,
                Set.of(),
                AgentRequirements.DEFAULT);
        JsonNode pod =
                Json.parse("{'metadata':{},'spec':{'containers':[{'name':'app'}],'imagePullSecrets':" + there + "}}");
        JsonNode patched = StrictPatch.apply(pod, JsonPatch.toJson(plan(settings, AgentMode.NATIVE, pod, true)));
        assertEquals(expected, names(patched, "imagePullSecrets"));
    }

    private static String names(JsonNode pod, String list) {
        return StreamSupport.stream(pod.path("spec").path(list).spliterator(), false)
                .map(container -> container.path("name").asText())
                .collect(Collectors.joining(" "));
    }

    private static List<PatchOp> plan(JsonNode pod, boolean holdsBack) {
        return plan(AgentMode.NATIVE, pod, holdsBack);
    }

    private static List<PatchOp> plan(AgentMode mode, JsonNode pod, boolean holdsBack) {
        return plan(AGENT, mode, pod, holdsBack);
    }

    private static List<PatchOp> plan(AgentSettings settings, AgentMode mode, JsonNode pod, boolean holdsBack) {
        PodTree tree = Json.pod(pod);
        AgentResources resources = settings.requirements().of(TestAdmission.KEYS, tree, new ArrayList<>());
        return PodMutation.plan(tree, AgentTemplate.of(settings, mode, holdsBack, resources));
    }
}
