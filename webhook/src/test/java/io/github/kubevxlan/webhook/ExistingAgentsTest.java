package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExistingAgentsTest {
    @ParameterizedTest
    @CsvSource({
        "openvnf/kube-vxlan-controller-agent, false",
        "openvnf/kube-vxlan-controller-agent:2.1.0, false",
        "docker.io/openvnf/kube-vxlan-controller-agent:2.1.0, false",
        "openvnf/kube-vxlan-controller-agent@sha256:00, false",
        "openvnf/kube-vxlan-controller-agent:1@sha256:00, false",
        "registry.test:5000/old/agent, false",
        "registry.test:5000/old/agent:7, false",
        "quay.io/openvnf/kube-vxlan-controller-agent:v2.1.0, false",
        "localhost:5000/openvnf/kube-vxlan-controller-agent, false",
        "mirror.test/docker-hub/openvnf/kube-vxlan-controller-agent:2.1.0, false",
        "quay.io/other/old/agent:7, true",
        "quay.io/old/agent:7, true",
        "openvnf/kube-vxlan-controller-agent-x, true",
        "other.test/not-openvnf/kube-vxlan-controller-agent, true",
        "registry.test, true",
        "'', true",
    })
    void stayUnlessTheirImageIsKnownWhateverRegistryItComesFrom(String image, boolean stays) {
        assertEquals(stays, ExistingAgents.stay(pod("'%s'".formatted(image), "app"), TestAdmission.AGENT));
    }

    /** The current image is the first; in the second column some webhook's digest of it, or an older one. */
    @ParameterizedTest
    @CsvSource({
        "registry.test/agent:1, registry.test/agent:1, true",
        "registry.test/agent:1, registry.test/agent:0.9, false",
        "registry.test/agent:1, registry.test/agent, false",
        "registry.test/agent:1, agent:0.9, false",
        "registry.test/agent:1, mirror.test/agent:1, true",
        "registry.test/agent:1, mirror.test/registry.test/agent:1, true",
        "registry.test/agent:1, registry.test/agent@sha256:00, true",
        "registry.test/agent:1, registry.test/agent:1@sha256:00, true",
        "registry.test/agent:1, registry.test/agent:0.9@sha256:00, false",
        "registry.test/agent@sha256:11, registry.test/agent@sha256:00, false",
        "registry.test/agent@sha256:11, registry.test/agent@sha256:11, true",
        "registry.test/agent@sha256:11, registry.test/agent:0.9, false",
        "registry.test/agent:1@sha256:11, registry.test/agent:1@sha256:00, false",
        "registry.test/agent:1@sha256:11, registry.test/agent:1, true",
        "registry.test/agent:1, registry.test/agents:0.9, true",
        "registry.test/a/agent:1, registry.test/b/agent:0.9, true",
    })
    void ofOurOwnStayUnlessTheyAreOfAnotherVersion(String current, String found, boolean stays) {
        AgentSettings settings = new AgentSettings(
                new AgentImage(current, "IfNotPresent", List.of()), true, Set.of(), AgentRequirements.DEFAULT);
        assertEquals(stays, ExistingAgents.stay(pod("'%s'".formatted(found), "app"), settings));
    }

    @Test
    void stayWhereOneOfThemIsNotKnown() {
        PodTree pod = Json.pod(Json.parse("{'metadata':{},'spec':{"
            + "'initContainers':[{'name':'vxlan-controller-agent-init','image':'own'}],'containers':[{'name':'app'},"
            + "{'name':'vxlan-controller-agent','image':'openvnf/kube-vxlan-controller-agent'}]}}"));
        assertTrue(ExistingAgents.stay(pod, TestAdmission.AGENT));
    }

    @Test
    void stayWhereThePodHasNoOtherContainer() {
        assertTrue(ExistingAgents.stay(
                pod("'openvnf/kube-vxlan-controller-agent'", "vxlan-controller-agent-init"), TestAdmission.AGENT));
    }

    @Test
    void areNotThereInMostPods() {
        PodTree pod = Json.pod(Json.parse("{'metadata':{},'spec':{'containers':[{'name':'app'}]}}"));
        assertFalse(ExistingAgents.stay(pod, TestAdmission.AGENT));
    }

    private static PodTree pod(String image, String other) {
        return Json.pod(Json.parse("{'metadata':{},'spec':{'containers':[{'name':'vxlan-controller-agent','image':"
                + image + "},{'name':'" + other + "','image':'openvnf/kube-vxlan-controller-agent'}]}}"));
    }
}
