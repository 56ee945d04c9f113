package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandMadeAgentsTest {
    @ParameterizedTest
    @CsvSource({
        "openvnf/kube-vxlan-controller-agent, false",
        "openvnf/kube-vxlan-controller-agent:2.1.0, false",
        "docker.io/openvnf/kube-vxlan-controller-agent:2.1.0, false",
        "openvnf/kube-vxlan-controller-agent@sha256:00, false",
        "openvnf/kube-vxlan-controller-agent:1@sha256:00, false",
        "registry.test:5000/old/agent, false",
        "registry.test:5000/old/agent:7, false",
        "registry.test/agent:1, true",
        "openvnf/kube-vxlan-controller-agent-x, true",
        "other.test/openvnf/kube-vxlan-controller-agent, true",
        "registry.test, true",
        "'', true",
    })
    void stayUnlessTheirImageIsKnown(String image, boolean stays) {
        assertEquals(stays, HandMadeAgents.stay(pod("'%s'".formatted(image), "app"), TestAdmission.AGENT));
    }

    @Test
    void stayWhereOneOfThemIsNotKnown() {
        PodTree pod = Json.pod(Json.parse("{'metadata':{},'spec':{"
            + "'initContainers':[{'name':'vxlan-controller-agent-init','image':'own'}],'containers':[{'name':'app'},"
            + "{'name':'vxlan-controller-agent','image':'openvnf/kube-vxlan-controller-agent'}]}}"));
        assertTrue(HandMadeAgents.stay(pod, TestAdmission.AGENT));
    }

    @Test
    void stayWhereThePodHasNoOtherContainer() {
        assertTrue(HandMadeAgents.stay(
                pod("'openvnf/kube-vxlan-controller-agent'", "vxlan-controller-agent-init"), TestAdmission.AGENT));
    }

    @Test
    void areNotThereInMostPods() {
        PodTree pod = Json.pod(Json.parse("{'metadata':{},'spec':{'containers':[{'name':'app'}]}}"));
        assertFalse(HandMadeAgents.stay(pod, TestAdmission.AGENT));
    }

    private static PodTree pod(String image, String other) {
        return Json.pod(Json.parse("{'metadata':{},'spec':{'containers':[{'name':'vxlan-controller-agent','image':"
                + image + "},{'name':'" + other + "','image':'openvnf/kube-vxlan-controller-agent'}]}}"));
    }
}
