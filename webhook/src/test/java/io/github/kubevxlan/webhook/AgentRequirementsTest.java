package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentRequirementsTest {
    private static final String BURSTABLE =
            "{'requests':{'cpu':'50m','memory':'32Mi'},'limits':{'cpu':'100m','memory':'64Mi'}}";
    private static final String USUAL = "requests.cpu=10m,requests.memory=16Mi,limits.memory=64Mi";
    private static final String LIMITED = "requests.cpu=10m,requests.memory=16Mi,limits.cpu=40m,limits.memory=64Mi";
    private static final String GUARANTEED = "requests.cpu=25m,requests.memory=64Mi,limits.cpu=25m,limits.memory=64Mi";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | " + USUAL,
                "{'limits':{'memory':'1Gi'}} | " + USUAL,
                "{'requests':{'cpu':'1'},'limits':{'cpu':'2'}} | " + LIMITED,
                BURSTABLE + " | " + LIMITED,
                "{'limits':{'cpu':'1','memory':'1Gi'}} | " + GUARANTEED,
                "{'requests':{'cpu':'1','memory':'1Gi'},'limits':{'cpu':'1','memory':'1Gi'}} | " + GUARANTEED,
                "{'requests':{'cpu':'1000m','memory':'1073741824'},'limits':{'cpu':1,'memory':'1Gi'}} | " + GUARANTEED,
                "{'requests':{'cpu':'999m','memory':'1Gi'},'limits':{'cpu':'1','memory':'1Gi'}} | " + LIMITED,
                "{'requests':{'cpu':'1','memory':'1G'},'limits':{'cpu':'1','memory':'1Gi'}} | " + LIMITED,
            })
    void followsWhatTheOtherContainersSay(String resources, String expected) {
        assertEquals(expected, of(pod(resources)).toString());
    }

    @Test
    void hasTheLimitsThatOnlyAllOthersTogetherShow() {
        ObjectNode pod = pod(BURSTABLE);
        pod.withArray("/spec/initContainers").addObject().put("name", "init");
        assertEquals(USUAL, of(pod).toString());
    }

    @Test
    void statesEphemeralStorageWhereAllOthersDo() {
        assertEquals(
                "requests.cpu=10m,requests.ephemeral-storage=4Mi,requests.memory=16Mi,"
                        + "limits.ephemeral-storage=16Mi,limits.memory=64Mi",
                of(pod("{'requests':{'ephemeral-storage':'1Gi'},'limits':{'ephemeral-storage':'1Gi'}}"))
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpu-request=20m | requests.cpu=20m,requests.memory=16Mi,limits.memory=64Mi",
                "cpu-limit=5m | requests.cpu=5m,requests.memory=16Mi,limits.cpu=5m,limits.memory=64Mi",
                "memory-request=128Mi | requests.cpu=10m,requests.memory=128Mi,limits.memory=128Mi",
                "memory-limit=8Mi | requests.cpu=10m,requests.memory=8Mi,limits.memory=8Mi",
                "memory-request=20Mi memory-limit=30Mi | requests.cpu=10m,requests.memory=20Mi,limits.memory=30Mi",
            })
    void takesThePodsWordForItsOwnAgent(String annotations, String expected) {
        assertEquals(expected, of(annotated(pod("{}"), annotations)).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpu-request=20m | requests.cpu=20m,requests.memory=64Mi,limits.cpu=20m,limits.memory=64Mi",
                "cpu-limit=1 | requests.cpu=1,requests.memory=64Mi,limits.cpu=1,limits.memory=64Mi",
                "memory-limit=1Mi memory-request=1024Ki |"
                        + " requests.cpu=25m,requests.memory=1024Ki,limits.cpu=25m,limits.memory=1Mi",
            })
    void keepsAPodGuaranteedWhateverItsAnnotationsSay(String annotations, String expected) {
        ObjectNode pod = annotated(pod("{'limits':{'cpu':'1','memory':'1Gi'}}"), annotations);
        assertEquals(expected, of(pod).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | cpu-request=lots | cpu-request, line 1, column 1: found \"lots\","
                        + " allowed: a quantity above 0, such as 250m or 64Mi",
                "{} | memory-limit=0 | memory-limit, line 1, column 1: found \"0\","
                        + " allowed: a quantity above 0, such as 250m or 64Mi",
                "{} | memory-request=1Gi memory-limit=512Mi | memory-request, line 1, column 1: found \"1Gi\","
                        + " allowed: at most annotation vxlan.travelping.com/agent-memory-limit, which is 512Mi",
                "{'limits':{'cpu':'1','memory':'1Gi'}} | cpu-request=10m cpu-limit=20m |"
                        + " cpu-request, line 1, column 1: found \"10m\", allowed: the same as annotation"
                        + " vxlan.travelping.com/agent-cpu-limit, which is 20m, because the pod is Guaranteed",
            })
    void refusesAMistakeWithItsPlace(String resources, String annotations, String refusal) {
        List<String> refusals = new ArrayList<>();
        AgentRequirements.DEFAULT.of(TestAdmission.KEYS, Json.pod(annotated(pod(resources), annotations)), refusals);
        assertEquals(List.of("annotation vxlan.travelping.com/agent-" + refusal), refusals);
    }

    @Test
    void asksForNothingButWhatAnnotationsSayWhereThePodHasResourcesOfItsOwn() {
        ObjectNode pod = pod("{}");
        pod.withObject("/spec/resources/limits").put("cpu", "1");
        assertEquals("none", of(pod).toString());
        assertEquals("limits.cpu=20m", of(annotated(pod, "cpu-limit=20m")).toString());
    }

    @Test
    void warnsOfWhatEveryOtherContainerHasAndTheAgentHasNot() {
        AgentResources agent = AgentResources.parse("requests.cpu=10m,limits.memory=64Mi");
        assertEquals(
                List.of("requests.memory", "limits.cpu").stream()
                        .map(name -> ("the agent has no resources.%s, but every other container of the pod has: if"
                                        + " a ResourceQuota or LimitRange demands it, set the chart's value"
                                        + " agent.resources.%s")
                                .formatted(name, name))
                        .toList(),
                AgentRequirements.warnings(Json.pod(pod(BURSTABLE)), agent).toList());
        assertEquals(
                List.of(),
                AgentRequirements.warnings(Json.pod(pod("{}")), agent).toList());
    }

    @Test
    void warnsOfNothingByDefault() {
        PodTree pod = Json.pod(pod(BURSTABLE));
        AgentResources agent = AgentRequirements.DEFAULT.of(TestAdmission.KEYS, pod, new ArrayList<>());
        assertEquals(List.of(), AgentRequirements.warnings(pod, agent).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", USUAL, LIMITED, GUARANTEED, "limits.ephemeral-storage=1.5Gi"})
    void isParsedAsItIsPrinted(String text) {
        assertEquals(text, AgentResources.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "cpu=1", "limits.gpu=1", "limit.cpu=1", "limits.cpu", "limits.cpu=x", "limits.cpu=1,", "a"})
    void aMalformedSettingIsRefused(String text) {
        assertThrows(InvalidValueException.class, () -> AgentResources.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "limits.cpu=1", "limits.cpu=1,limits.memory=1Gi,requests.cpu=2"})
    void whatIsNotGuaranteedIsRefusedForGuaranteedPods(String text) {
        assertThrows(InvalidValueException.class, () -> AgentResources.parseGuaranteed(text));
    }

    private static AgentResources of(ObjectNode pod) {
        List<String> refusals = new ArrayList<>();
        AgentResources resources = AgentRequirements.DEFAULT.of(TestAdmission.KEYS, Json.pod(pod), refusals);
        assertEquals(List.of(), refusals);
        return resources;
    }

    private static ObjectNode annotated(ObjectNode pod, String annotations) {
        for (String annotation : annotations.split(" ", -1)) {
            String[] parts = annotation.split("=", -1);
            pod.withObject("/metadata/annotations").put("vxlan.travelping.com/agent-" + parts[0], parts[1]);
        }
        return pod;
    }

    private static ObjectNode pod(String resources) {
        ObjectNode pod = (ObjectNode) Json.parse("{'metadata':{},'spec':{'containers':[{'name':'app'},"
                + "{'name':'vxlan-controller-agent','image':'old'}]}}");
        pod.withObject("/spec/containers/0").set("resources", Json.parse(resources));
        return pod;
    }
}
