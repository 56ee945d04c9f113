package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final String P = "vxlan.travelping.com";

    @Test
    void injectsAgentIntoLabelledPodWithNetworks() {
        Verdict.Allow allow = allow(pod(Map.of(P + "/networks", "vxeth0, vxeth1 ip=10.0.0.1/24")), Map.of());
        assertEquals("injected", allow.outcome());
        assertEquals(List.of(), allow.warnings());
        assertEquals(
                List.of("/spec/volumes", "/spec/initContainers", "/spec/readinessGates"),
                allow.patch().stream().map(op -> op.path().toString()).toList());
    }

    @Test
    void gatesNoPodThatDoesNotWantToNorWhereTheOperatorDoesNot() {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0", P + "/gate", "false"));
        assertEquals(
                List.of("/spec/volumes", "/spec/initContainers"),
                allow(pod, Map.of()).patch().stream()
                        .map(op -> op.path().toString())
                        .toList());
        AgentSettings gateless = new AgentSettings(
                new AgentImage("agent:1", "IfNotPresent", List.of()), false, Set.of(), AgentRequirements.DEFAULT);
        Admission admission = new Admission(TestAdmission.KEYS, gateless, AgentMode.NATIVE, false);
        Verdict.Allow allow = assertInstanceOf(
                Verdict.Allow.class,
                admission.judge(
                        "default",
                        Json.pod(pod(Map.of(P + "/networks", "vxeth0"))),
                        TestAdmission.DEFINITIONS,
                        TestAdmission.facts(Map.of())));
        assertEquals(2, allow.patch().size());
    }

    @Test
    void addsItsGateBehindOthersAndOnce() {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0"));
        pod.withArray("/spec/readinessGates").addObject().put("conditionType", "example.com/other");
        JsonNode patched = StrictPatch.apply(pod, JsonPatch.toJson(PodMutation.gate(Json.pod(pod), P + "/ready")));
        assertEquals(
                Json.print(Json.parse("[{'conditionType':'example.com/other'},{'conditionType':'" + P + "/ready'}]")),
                Json.print(patched.at("/spec/readinessGates")));
        assertEquals(List.of(), PodMutation.gate(Json.pod(patched), P + "/ready"));
    }

    @Test
    void takesNetworksOfNamespaceForPodThatNamesNone() {
        assertEquals(
                "injected", allow(pod(Map.of()), Map.of(P + "/names", "vxeth0")).outcome());
    }

    @Test
    void lookAtNothingWithoutLabel() {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0 up=maybe"));
        pod.withObject("/metadata/labels").put(P, "false");
        assertUntouched("not_labelled", List.of(), allow(pod, Map.of()));
    }

    @Test
    void injectsIntoPodThatNamesNoNetworkYetAndSaysSo() {
        Verdict.Allow allow = allow(pod(Map.of()), Map.of());
        assertEquals("injected", allow.outcome());
        assertEquals(
                List.of("the pod has label vxlan.travelping.com and names no network yet (annotation"
                        + " vxlan.travelping.com/networks or vxlan.travelping.com/names on it or its namespace, or"
                        + " default=true of a network): its app starts at once, and the pod becomes a member when it"
                        + " gets a network"),
                allow.warnings());
    }

    @Test
    void leavesPodAloneThatBringsItsAgent() {
        Map<String, String> annotations = Map.of(P + "/names", "vxeth0", P + "/inject", "false");
        assertUntouched(
                "opted_out",
                List.of("the pod has no container vxlan-controller-agent, without which the controller can't set up"
                        + " its networks"),
                allow(pod(annotations), Map.of()));
        ObjectNode withAgent = pod(Map.of(P + "/names", "vxeth0"));
        withAgent
                .withArray("/spec/containers")
                .addObject()
                .put("name", "vxlan-controller-agent")
                .withArray("/securityContext/capabilities/add")
                .add("NET_ADMIN");
        assertUntouched("has_agent", List.of(), allow(withAgent, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | false",
                "{'capabilities':{'add':['NET_RAW']}} | false",
                "{'capabilities':{'add':['NET_RAW','NET_ADMIN']}} | true",
                "{'capabilities':{'add':['CAP_NET_ADMIN']}} | true",
                "{'capabilities':{'add':['ALL']}} | true",
                "{'privileged':true} | true",
            })
    void warnsOfOwnAgentWithoutCapability(String context, boolean isFine) {
        ObjectNode pod = pod(Map.of(P + "/names", "vxeth0"));
        pod.withArray("/spec/containers")
                .addObject()
                .put("name", "vxlan-controller-agent")
                .set("securityContext", Json.parse(context));
        assertUntouched(
                "has_agent",
                isFine
                        ? List.of()
                        : List.of("the pod's own container vxlan-controller-agent has no capability NET_ADMIN"
                                + " (securityContext.capabilities.add): the controller can't set up the pod's"
                                + " networks"),
                allow(pod, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"baseline,1", "restricted,1", "privileged,0", "'',0"})
    void warnsOfPodSecurityLevelThatRejectsAgent(String level, int warnings) {
        Verdict.Allow allow = assertInstanceOf(
                Verdict.Allow.class,
                TestAdmission.ADMISSION.judge(
                        "default",
                        Json.pod(pod(Map.of(P + "/names", "vxeth0"))),
                        TestAdmission.DEFINITIONS,
                        new NamespaceFacts(Map.of(), level)));
        assertEquals(
                List.of("the namespace enforces Pod Security level " + level + ", which rejects the agent because of"
                                + " NET_ADMIN: label the namespace pod-security.kubernetes.io/enforce=privileged")
                        .subList(0, warnings),
                allow.warnings());
    }

    @Test
    void warnsOfNetworksThatCannotBeHadYet() {
        Verdict.Allow allow = allow(pod(Map.of(P + "/names", "nowhere, vxeth0, bad")), Map.of());
        assertEquals("injected", allow.outcome());
        assertEquals(
                List.of(
                        "network nowhere is not defined: the pod waits for it, unless it has"
                                + " vxlan.travelping.com/wait: \"false\"",
                        "network bad has no usable definition (ConfigMap entry bad, line 1, column 11: found \"maybe\","
                                + " allowed: true or false): the pod waits for it, unless it has"
                                + " vxlan.travelping.com/wait: \"false\""),
                allow.warnings());
    }

    @Test
    void refusesPodThatNamesUnknownNetworkWhereTheOperatorSaysSo() {
        Admission strict = new Admission(TestAdmission.KEYS, TestAdmission.AGENT, AgentMode.NATIVE, true);
        Verdict verdict = strict.judge(
                "default",
                Json.pod(pod(Map.of(P + "/names", "vxeth0, nowhere, bad"))),
                TestAdmission.DEFINITIONS,
                TestAdmission.facts(Map.of()));
        assertEquals(
                new Verdict.Deny(
                        "annotation vxlan.travelping.com/names, line 1, column 9: found \"nowhere\", allowed: a"
                                + " network that is defined, such as vxeth0, vxeth1"),
                verdict);
    }

    @Test
    void takesAwayStatusThatOnlyTheControllerMayWrite() {
        Verdict.Allow allow = allow(pod(Map.of(P + "/status", "[]", P + "/inject", "false")), Map.of());
        assertEquals(
                Json.parse("[{'op':'remove','path':'/metadata/annotations/vxlan.travelping.com~1status'}]"),
                JsonPatch.toJson(allow.patch()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "networks | vxeth0 up=maybe | annotation vxlan.travelping.com/networks, line 1, column 11: found"
                        + " \"maybe\", allowed: true or false",
                "names | vxeth0 vxeth1 | annotation vxlan.travelping.com/names, line 1, column 8: found \"vxeth1\","
                        + " allowed: names alone, with commas between them; options belong in the annotation networks",
                "inject | no | annotation vxlan.travelping.com/inject, line 1, column 1: found \"no\", allowed: true or"
                        + " false",
                "wait | False | annotation vxlan.travelping.com/wait, line 1, column 1: found \"False\", allowed: true"
                        + " or false",
            })
    void refusesMalformedAnnotation(String key, String text, String message) {
        assertEquals(new Verdict.Deny(message), judge(pod(Map.of(P + "/" + key, text)), Map.of()));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0 up=maybe\n  foo", P + "/wait", "0"));
        pod.withObject("/spec").put("hostNetwork", true).putObject("os").put("name", "windows");
        Verdict.Deny deny = assertInstanceOf(Verdict.Deny.class, judge(pod, Map.of()));
        assertEquals(
                List.of(
                        "spec.hostNetwork: found true, allowed: false, because a VXLAN interface would belong"
                                + " to the node; or no label vxlan.travelping.com",
                        "spec.os.name: found windows, allowed: linux, or no label vxlan.travelping.com",
                        "annotation vxlan.travelping.com/networks, line 1, column 11: found \"maybe\", allowed: true or"
                                + " false",
                        "annotation vxlan.travelping.com/networks, line 2, column 3: found \"foo\", allowed: an option:"
                                + " id, name, type, dev, up, ip, route, metric, mtu, mac, txqueuelen, rate, delay,"
                                + " jitter, loss, duplicate, reorder, corrupt",
                        "annotation vxlan.travelping.com/wait, line 1, column 1: found \"0\", allowed: true or false"),
                deny.message().lines().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'os':{'name':'windows'}} | spec.os.name: found windows",
                "{'nodeSelector':{'kubernetes.io/os':'windows'}} | spec.nodeSelector, kubernetes.io/os: found windows",
                "{'securityContext':{'windowsOptions':{'hostProcess':true}}} |"
                        + " securityContext.windowsOptions: found options for windows",
                "{'containers':[{'name':'app','securityContext':{'windowsOptions':{'runAsUserName':'a'}}}]} |"
                        + " securityContext.windowsOptions: found options for windows",
                "[{'key':'kubernetes.io/os','operator':'In','values':['windows']}] |"
                        + " spec.affinity.nodeAffinity, kubernetes.io/os: found In [windows]",
                "[{'key':'zone','operator':'Exists'},{'key':'kubernetes.io/os','operator':'NotIn','values':['linux']}]"
                        + " | spec.affinity.nodeAffinity, kubernetes.io/os: found NotIn [linux]",
                "[{'key':'kubernetes.io/os','operator':'DoesNotExist'}] |"
                        + " spec.affinity.nodeAffinity, kubernetes.io/os: found DoesNotExist []",
                "[{'key':'kubernetes.io/os','operator':'In','values':['windows']}];"
                        + "[{'key':'kubernetes.io/os','operator':'In','values':['plan9','windows']}] |"
                        + " spec.affinity.nodeAffinity, kubernetes.io/os: found In [windows]",
                "[{'key':'kubernetes.io/os','operator':'In','values':['a\u202eb']}] |"
                        + " spec.affinity.nodeAffinity, kubernetes.io/os: found In [a<U+202E>b]",
                "[{'key':'kubernetes.io/os','operator':'In','values':['linux']}] | ''",
                "[{'key':'kubernetes.io/os','operator':'In','values':['windows','linux']}] | ''",
                "[{'key':'kubernetes.io/os','operator':'NotIn','values':['windows']}] | ''",
                "[{'key':'kubernetes.io/os','operator':'In','values':['windows']}];[{'key':'a','operator':'Exists'}]"
                        + " | ''",
                "[{'key':'zone','operator':'In','values':['windows']}] | ''",
                "[] | ''",
                "{'securityContext':{'windowsOptions':{}},'nodeSelector':{'kubernetes.io/os':'linux'}} | ''",
            })
    void refusesPodThatNoLinuxNodeMayRun(String specOrTerms, String found) {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0"));
        if (specOrTerms.startsWith("{")) {
            pod.withObject("/spec").setAll((ObjectNode) Json.parse(specOrTerms));
        } else {
            Stream.of(specOrTerms.split(";"))
                    .forEach(term -> pod.withArray(
                                    "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution"
                                            + "/nodeSelectorTerms")
                            .addObject()
                            .set("matchExpressions", Json.parse(term)));
        }
        if (found.isEmpty()) {
            assertEquals("injected", allow(pod, Map.of()).outcome());
        } else {
            assertEquals(
                    new Verdict.Deny(found + ", allowed: linux, or no label vxlan.travelping.com"),
                    judge(pod, Map.of()));
        }
    }

    @Test
    void leavesTheMirrorOfAStaticPodAsItIsWithAWarning() {
        ObjectNode pod = pod(Map.of(P + "/networks", "vxeth0", "kubernetes.io/config.mirror", "0f1e"));
        pod.withObject("/spec").put("hostNetwork", true);
        assertUntouched(
                "mirror_pod",
                List.of("the pod has label vxlan.travelping.com and gets no network, because it mirrors a static pod,"
                        + " which the kubelet runs unchanged from a file: remove the label from that file"),
                allow(pod, Map.of()));
    }

    private static void assertUntouched(String outcome, List<String> warnings, Verdict.Allow allow) {
        assertEquals(new Verdict.Allow(List.of(), warnings, outcome), allow);
    }

    private static Verdict.Allow allow(ObjectNode pod, Map<String, String> ofNamespace) {
        return assertInstanceOf(Verdict.Allow.class, judge(pod, ofNamespace));
    }

    private static Verdict judge(ObjectNode pod, Map<String, String> ofNamespace) {
        return TestAdmission.ADMISSION.judge(
                "default", Json.pod(pod), TestAdmission.DEFINITIONS, TestAdmission.facts(ofNamespace));
    }

    private static ObjectNode pod(Map<String, String> annotations) {
        ObjectNode pod = (ObjectNode) Json.parse(
                "{'metadata':{'labels':{'vxlan.travelping.com':'true'}}," + "'spec':{'containers':[{'name':'app'}]}}");
        annotations.forEach(pod.withObject("/metadata/annotations")::put);
        return pod;
    }
}
