package io.github.kubevxlan.cli.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.ManifestReader;
import io.github.kubevxlan.cli.manifest.YamlWriter;
import io.github.kubevxlan.cli.render.Remark;
import io.github.kubevxlan.cli.render.Renderer;
import io.github.kubevxlan.cli.render.Rendering;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConverterTest {
    private static final String AGENT_INIT =
            "{name: vxlan-controller-agent-init, image: openvnf/kube-vxlan-controller-agent, securityContext:"
                    + " {capabilities: {add: [NET_ADMIN]}}}";
    private static final String AGENT = AGENT_INIT.replace("-init", "");
    /** As the first example of the older controllers' repository has its pods. */
    private static final String GATEWAY = """
        apiVersion: extensions/v1beta1
        kind: Deployment
        metadata:
          name: a
        spec:
          template:
            metadata:
              labels:
                run: a
                vxlan.openvnf.org: "true"
              annotations:
                vxlan.openvnf.org/networks: |
                  vxeth1
                    up
                    ip=192.168.11.2/29
                    route=192.168.12.0/29:192.168.11.1
            spec:
              initContainers:
              - INIT
              containers:
              - name: app
                image: app:1
              - AGENT
        """.replace("- AGENT", "- " + AGENT).replace("- INIT", "- " + AGENT_INIT);

    @Test
    void aManifestOfItsTimeComesOutAsOneOfToday() throws Exception {
        Rendering converted = convert(GATEWAY);

        assertEquals("""
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: a
            spec:
              template:
                metadata:
                  labels:
                    run: a
                    vxlan.travelping.com: "true"
                  annotations:
                    vxlan.travelping.com/networks: |
                      vxeth1
                        up
                        ip=192.168.11.2/29
                        route=192.168.12.0/29:192.168.11.1
                spec:
                  containers:
                  - name: app
                    image: app:1
              selector:
                matchLabels:
                  run: a
                  vxlan.travelping.com: "true"
            """, YamlWriter.write(converted.documents()));
        assertEquals(
                List.of(
                        "note: old.yaml, document 1, Deployment lab/a: its apiVersion is apps/v1 now",
                        "note: old.yaml, document 1, Deployment lab/a: its selector has the new label, and Kubernetes"
                                + " does not change the selector of an existing object: delete it before you apply"
                                + " this"),
                lines(converted).subList(0, 2));
        assertEquals(
                converted.documents(),
                convert(YamlWriter.write(converted.documents())).documents());
    }

    @Test
    void theWebhookMakesTheSameOfItAsOfTheOldOne() throws Exception {
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {vxlan.openvnf.org: \"true\"}, annotations:"
                        + " {vxlan.openvnf.org/networks: \"vxeth1 ip=10.0.0.1/24\"}}, spec: {containers: [{name: app}, "
                        + AGENT
                        + "], initContainers: [" + AGENT_INIT + "]}}";
        Map<String, String> oldPrefix = Map.of("KUBEVXLAN_KEY_PREFIX", "vxlan.openvnf.org");

        ObjectNode converted = convert(pod).documents().getFirst();
        ObjectNode today = Renderer.render(ManifestReader.read("", converted.toString(), ""), List.of(), Map.of())
                .documents()
                .getFirst();
        ObjectNode before = Renderer.render(ManifestReader.read("", pod, ""), List.of(), oldPrefix)
                .documents()
                .getFirst();

        assertEquals(
                before.toString()
                        .replace("vxlan.openvnf.org", "vxlan.travelping.com")
                        .length(),
                today.toString().length());
        assertEquals(before.at("/spec/initContainers"), today.at("/spec/initContainers"));
        assertEquals(before.at("/spec/containers"), today.at("/spec/containers"));
    }

    @Test
    void theConfigMapKeepsItsNetworksAndLosesWhatNobodyKnew() throws Exception {
        Rendering converted = convert("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: kube-vxlan-controller, namespace: kube-system}
            data: {lan1: "101", vxeth1: id=7 up colour=red, bad: id=abc}
            """);

        assertEquals(
                "{\"lan1\":\"101\",\"vxeth1\":\"id=7 up\",\"bad\":\"id=abc\"}",
                converted.documents().getFirst().path("data").toString());
        assertEquals(
                List.of(
                        "warning: old.yaml, document 1, ConfigMap kube-system/kube-vxlan-controller: network vxeth1:"
                                + " colour=red is left out, because the older controllers did not know such an option",
                        "refused: old.yaml, document 1, ConfigMap kube-system/kube-vxlan-controller: ConfigMap entry"
                                + " bad, line 1, column 4: found \"abc\", allowed: a VNI, 1 to 16777215"),
                lines(converted).subList(0, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: kube-vxlan-controller}}",
                "{apiVersion: rbac.authorization.k8s.io/v1beta1, kind: ClusterRoleBinding, metadata: {name:"
                        + " kube-vxlan-controller}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-vxlan-controller-config}}",
                "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: kube-vxlan-controller}, spec:"
                        + " {template: {spec: {containers: [{name: c, image:"
                        + " \"quay.io/openvnf/kube-vxlan-controller:1\"}]}}}}",
            })
    void theOlderControllersOwnObjectsAreLeftOut(String object) throws Exception {
        Rendering converted = convert(object);

        assertEquals(List.of(), converted.documents());
        assertTrue(
                lines(converted).getFirst().contains("it belongs to the older controller"), lines(converted)::toString);
    }

    @Test
    void todaysControllerStays() throws Exception {
        assertEquals(
                1,
                convert("{apiVersion: apps/v1, kind: Deployment, metadata: {name: kube-vxlan-controller},"
                                + " spec: {template: {metadata: {}, spec: {containers: [{name: c, image:"
                                + " \"kube-vxlan-controller:1.0.0\"}]}}}}")
                        .documents()
                        .size());
    }

    @Test
    void agentsOfOtherImagesStayAndWhatAgentsHadIsTold() throws Exception {
        Rendering other = convert(GATEWAY.replace("image: openvnf/", "image: mine/"));
        Rendering limited = convert(GATEWAY.replace(
                "{name: vxlan-controller-agent,", "{name: vxlan-controller-agent, env: []," + " resources: {},"));

        assertEquals(
                2,
                other.documents()
                        .getFirst()
                        .at("/spec/template/spec/containers")
                        .size());
        assertTrue(
                lines(other).stream()
                        .anyMatch(line -> line.endsWith("container vxlan-controller-agent-init has image"
                                + " mine/kube-vxlan-controller-agent, not that of an older agent: it stays, and"
                                + " the webhook adds none")),
                lines(other)::toString);
        assertTrue(
                lines(limited)
                        .contains("warning: old.yaml, document 1, Deployment lab/a: container vxlan-controller-agent:"
                                + " env, resources are not carried over, because the webhook's agent has its own"),
                lines(limited)::toString);
    }

    @Test
    void unlabelledPodsAndSelectorsStayAsTheyAre() throws Exception {
        String text = GATEWAY.replace("vxlan.openvnf.org:", "other:").replace("extensions/v1beta1", "apps/v1");

        assertEquals(
                ManifestReader.read("old.yaml", text, "lab").getFirst().root(),
                convert(text).documents().getFirst());
    }

    @Test
    void namespacesAndServicesAreRenamedToo() throws Exception {
        Rendering converted = convert("""
            {apiVersion: v1, kind: Namespace, metadata: {name: lab, annotations: {vxlan.openvnf.org/networks: vxeth1,
              vxlan.openvnf.organic/networks: x}}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {vxlan.openvnf.org: "true"}}}
            """);

        assertEquals(
                "{\"vxlan.travelping.com/networks\":\"vxeth1\",\"vxlan.openvnf.organic/networks\":\"x\"}",
                converted.documents().getFirst().at("/metadata/annotations").toString());
        JsonNode selector = converted.documents().getLast().at("/spec/selector");
        assertEquals("{\"vxlan.travelping.com\":\"true\"}", selector.toString());
    }

    @Test
    void anObjectInWhichTheOlderLabelStaysIsToldOf() throws Exception {
        Rendering converted = convert("""
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector:
              {matchLabels: {vxlan.openvnf.org: "true"}}}}
            """);

        assertTrue(
                lines(converted).getFirst().contains("NetworkPolicy lab/p: vxlan.openvnf.org stays in it"),
                lines(converted)::toString);
    }

    @Test
    void theOlderControllerIsLeftOutWhateverRegistryItComesFrom() throws Exception {
        Rendering converted = convert("""
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: kube-vxlan-controller}, spec: {template: {spec:
              {containers: [{name: c, image: "registry:5000/openvnf/kube-vxlan-controller:1"}]}}}}
            """);

        assertEquals(List.of(), converted.documents());
    }

    @Test
    void whatTheWebhookRefusesIsPrintedAndTold() throws Exception {
        Rendering converted = convert(GATEWAY.replace("192.168.12.0/29:192.168.11.1", "192.168.12.0/29"));

        assertEquals(1, converted.documents().size());
        assertTrue(converted.has(Remark.Severity.REFUSAL), lines(converted)::toString);
    }

    @Test
    void anEmptyListStaysEmpty() throws Exception {
        Rendering converted = convert("{apiVersion: v1, kind: List, items: []}");

        assertEquals(
                "[{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[]}]",
                converted.documents().toString());
    }

    private static Rendering convert(String text) throws MalformedManifestException {
        return Converter.convert(
                ManifestReader.read("old.yaml", text, "lab"), List.of(), Map.of(), Converter.OLDER_PREFIX);
    }

    private static List<String> lines(Rendering rendering) {
        return rendering.remarks().stream().map(Remark::line).toList();
    }
}
