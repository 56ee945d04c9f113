package io.github.kubevxlan.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.manifest.ManifestReader;
import io.github.kubevxlan.cli.render.Remark.Severity;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.webhook.Admission;
import io.github.kubevxlan.webhook.AdmissionCodec;
import io.github.kubevxlan.webhook.AdmissionRequest;
import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import io.github.kubevxlan.webhook.AgentMode;
import io.github.kubevxlan.webhook.NamespaceFacts;
import io.github.kubevxlan.webhook.Verdict;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RendererTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path WEBHOOKS_PODS = Path.of("../webhook/src/test/resources/PodMutationTest");
    private static final String NETWORKS = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: kube-vxlan-controller, namespace: kube-system}
        data: {blue: id=7 up, red: "8", broken: id=abc}
        ---
        """;

    /** Pods as the webhook's own tests have them, in both modes. */
    static Stream<List<String>> pods() throws IOException {
        try (Stream<Path> files = Files.list(WEBHOOKS_PODS)) {
            List<String> pods = files.filter(file -> file.toString().endsWith(".pod.json"))
                    .sorted()
                    .map(RendererTest::text)
                    .toList();
            assertTrue(pods.size() >= 4, "the webhook's pods are there");
            return pods.stream().flatMap(pod -> Stream.of("native", "classic").map(mode -> List.of(pod, mode)));
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void aPodComesOutAsTheWebhooksAnswerMakesIt(List<String> podAndMode) throws Exception {
        ObjectNode pod = (ObjectNode) JSON.readTree(podAndMode.getFirst());
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.withObject("/metadata/labels").put("vxlan.travelping.com", "true");
        Map<String, String> mode = Map.of("KUBEVXLAN_AGENT_MODE", podAndMode.getLast());

        Rendering rendering = Renderer.render(read(pod.toString()), List.of(), mode);

        assertEquals(List.of(answered(pod, mode)), rendering.documents());
        assertTrue(rendering.documents().getFirst().toString().contains("kube-vxlan-controller-agent:1.0.0"));
    }

    /** What an API server makes of the webhook's answer, by a patch library of others. */
    private static JsonNode answered(JsonNode pod, Map<String, String> settings) throws Exception {
        WebhookConfig config = WebhookSettings.read(List.of(), settings);
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request").put("uid", "u").put("namespace", "lab");
        request.put("operation", "CREATE")
                .putObject("resource")
                .put("group", "")
                .put("resource", "pods");
        request.set("object", pod);
        AdmissionRequest asked = AdmissionCodec.decode(review.toString().getBytes(StandardCharsets.UTF_8));
        Verdict verdict = new Admission(
                        config.common().keys(),
                        config.injection().agent(),
                        config.injection().mode().orElse(AgentMode.NATIVE),
                        false)
                .judge(
                        asked.namespace(),
                        ((NewPod) asked.subject()).pod(),
                        Definitions.parse(GivenCluster.INITIAL, config.common().defaults()),
                        NamespaceFacts.NONE);
        JsonNode answer = JSON.readTree(AdmissionCodec.encode("u", verdict));
        byte[] patch = Base64.getDecoder().decode(answer.at("/response/patch").asText());
        return JsonPatch.apply(JSON.readTree(patch), pod);
    }

    @ParameterizedTest
    @CsvSource({
        "v1, Pod, ''",
        "apps/v1, Deployment, spec.template",
        "apps/v1, StatefulSet, spec.template",
        "apps/v1, DaemonSet, spec.template",
        "apps/v1, ReplicaSet, spec.template",
        "batch/v1, Job, spec.template",
        "batch/v1, CronJob, spec.jobTemplate.spec.template",
    })
    void everythingThatMakesPodsGetsTheAgent(String version, String kind, String place) throws Exception {
        ObjectNode object = JSON.createObjectNode().put("apiVersion", version).put("kind", kind);
        object.putObject("metadata").put("name", "a");
        ObjectNode pod = object;
        for (String member : place.isEmpty() ? new String[0] : place.split("\\.")) {
            pod = pod.putObject(member);
        }
        pod.withObject("/metadata/labels").put("vxlan.travelping.com", "true");
        pod.withObject("/metadata/annotations").put("vxlan.travelping.com/names", "vxeth0");
        pod.putObject("spec").putArray("containers").addObject().put("name", "app");

        Rendering rendering = render(object.toString());

        JsonNode made = rendering.documents().getFirst();
        assertEquals(
                "vxlan-controller-agent",
                made.at((place.isEmpty() ? "" : "/" + place.replace('.', '/')) + "/spec/initContainers/0/name")
                        .asText());
        assertEquals(List.of(Severity.NOTE), severities(rendering));
    }

    @Test
    void otherKindsAndUnlabelledPodsStayAsTheyAre() throws Exception {
        String text = """
            apiVersion: serving.knative.dev/v1
            kind: Deployment
            metadata: {name: a}
            spec: {template: {metadata: {labels: {vxlan.travelping.com: "true"}}, spec: {containers: [{name: app}]}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: a, annotations: {vxlan.travelping.com/status: mine}}
            spec: {containers: [{name: app}]}
            """;

        Rendering rendering = render(text);

        assertEquals(read(text).stream().map(Manifest::root).toList(), rendering.documents());
        assertEquals(
                List.of("note: no pod has label vxlan.travelping.com: \"true\", so the webhook changes none"),
                lines(rendering));
    }

    @Test
    void theConfigMapIsTheClustersAndItsMistakesRefuseIt() throws Exception {
        Rendering rendering = render(NETWORKS + pod("blue, broken, green"));

        assertEquals(1, rendering.documents().size());
        assertEquals(
                List.of(
                        "refused: pods.yaml, document 1, ConfigMap kube-system/kube-vxlan-controller: ConfigMap entry"
                                + " broken, line 1, column 4: found \"abc\", allowed: a VNI, 1 to 16777215",
                        "warning: pods.yaml, document 2, Pod lab/a: network broken has no usable definition (ConfigMap"
                                + " entry broken, line 1, column 4: found \"abc\", allowed: a VNI, 1 to"
                                + " 16777215): the pod waits for it, unless it has vxlan.travelping.com/wait:"
                                + " \"false\"",
                        "warning: pods.yaml, document 2, Pod lab/a: network green is not defined: the pod waits for it,"
                                + " unless it has vxlan.travelping.com/wait: \"false\""),
                lines(rendering));
    }

    @Test
    void aMistakeThatTheClusterHasAlreadyIsOnlyWarnedOf() throws Exception {
        Rendering rendering = Renderer.render(read(NETWORKS), read(NETWORKS), Map.of());

        assertEquals(List.of(Severity.WARNING, Severity.NOTE), severities(rendering));
        assertEquals(1, rendering.documents().size());
    }

    @Test
    void whatTheClusterHasIsJudgedByAndNotPrinted() throws Exception {
        List<Manifest> present = ManifestReader.read(
                "networks", NETWORKS.replace(", namespace: kube-system", "").replace(", broken: id=abc", ""), "");

        Rendering rendering = Renderer.render(read(pod("blue")), present, Map.of());

        assertEquals(List.of(), lines(rendering));
        assertEquals(1, rendering.documents().size());
        assertEquals(List.of(Severity.WARNING), severities(Renderer.render(read(pod("vxeth0")), present, Map.of())));
    }

    @Test
    void theClusterHasToHoldSomethingThatCounts() {
        MalformedManifestException refusal = assertThrows(
                MalformedManifestException.class,
                () -> Renderer.render(read(pod("blue")), read(pod("blue")), Map.of()));

        assertEquals(
                "pods.yaml, document 1, Pod lab/a: found nothing that the webhook reads, allowed: ConfigMap"
                        + " kube-vxlan-controller of namespace kube-system, Namespaces, the webhook's Deployment",
                refusal.getMessage());
    }

    @Test
    void namespacesSayNetworksAndPodSecurity() throws Exception {
        Rendering rendering = render("""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: lab
              labels: {pod-security.kubernetes.io/enforce: baseline}
              annotations: {vxlan.travelping.com/names: nowhere}
            ---
            """ + pod("").replace("vxlan.travelping.com/networks", "other"));

        assertEquals(
                List.of(
                        "warning: pods.yaml, document 2, Pod lab/a: network nowhere is not defined: the pod waits for"
                                + " it, unless it has vxlan.travelping.com/wait: \"false\"",
                        "warning: pods.yaml, document 2, Pod lab/a: the namespace enforces Pod Security level baseline,"
                                + " which rejects the agent because of NET_ADMIN: label the namespace"
                                + " pod-security.kubernetes.io/enforce=privileged"),
                lines(rendering).subList(0, 2));
    }

    @Test
    void whatIsRefusedIsNotPrintedAndEveryReasonIsToldWithItsPlace() throws Exception {
        Rendering rendering = render("apiVersion: v1\nkind: List\nitems:\n- " + pod("vxeth0") + "- "
                + pod("vxeth1 up=maybe").replace("spec: {", "spec: {hostNetwork: true, "));

        assertEquals(1, rendering.documents().getFirst().path("items").size());
        assertEquals(List.of(Severity.REFUSAL, Severity.REFUSAL, Severity.NOTE), severities(rendering));
        assertTrue(
                lines(rendering)
                        .getFirst()
                        .startsWith("refused: pods.yaml, document 1, item 2, Pod lab/a: spec.hostNetwork: found true,"),
                lines(rendering)::toString);
    }

    @Test
    void theWebhooksDeploymentGivesItsSettingsAndChosenOnesWin() throws Exception {
        String deployment = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: hook, namespace: kube-system}
            spec:
              template:
                metadata: {labels: {app: hook}}
                spec:
                  containers:
                  - name: webhook
                    env:
                    - {name: KUBEVXLAN_AGENT_IMAGE, value: "registry.test/agent:7"}
                    - {name: KUBEVXLAN_UNKNOWN_NETWORKS, value: Deny}
                    - {name: KUBEVXLAN_WATCH_NAMESPACES, value: "lab"}
                    - {name: OTHER, value: x}
            """;
        List<Manifest> present = read(deployment);

        Rendering denied = Renderer.render(read(pod("nowhere")), present, Map.of());
        Rendering waiting =
                Renderer.render(read(pod("nowhere")), present, Map.of("KUBEVXLAN_UNKNOWN_NETWORKS", "Wait"));
        Rendering elsewhere =
                Renderer.render(ManifestReader.read("pods.yaml", pod("nowhere"), "other"), present, Map.of());

        assertEquals(List.of(Severity.REFUSAL, Severity.NOTE), severities(denied));
        assertEquals(List.of(Severity.WARNING, Severity.NOTE), severities(waiting));
        assertEquals(
                "registry.test/agent:7",
                waiting.documents()
                        .getFirst()
                        .at("/spec/initContainers/0/image")
                        .asText());
        assertTrue(
                lines(elsewhere).getFirst().contains("because watchNamespaces does not include it"),
                lines(elsewhere)::toString);
        assertEquals(
                "pods.yaml, document 1, Deployment kube-system/hook: KUBEVXLAN_UNKNOWN_NETWORKS: found \"Perhaps\","
                        + " allowed: Wait, Deny",
                assertThrows(
                                MalformedManifestException.class,
                                () -> Renderer.render(
                                        read(pod("blue")), read(deployment.replace("Deny", "Perhaps")), Map.of()))
                        .getMessage());
        assertThrows(
                ConfigException.class,
                () -> Renderer.render(read(pod("blue")), present, Map.of("KUBEVXLAN_AGENT_MODE", "fast")));
    }

    @Test
    void theChartsDefaultsAreThoseOfItsManifest() throws Exception {
        List<Manifest> chart = ManifestReader.read("k8s.yaml", text(Path.of("../k8s.yaml")), "");
        GivenCluster given = GivenCluster.of(
                chart.stream().flatMap(manifest -> manifest.objects().stream()).toList(), Map.of());
        Map<String, String> initial = new TreeMap<>();
        chart.stream()
                .flatMap(manifest -> manifest.root().findParents("name").stream())
                .filter(variable -> variable.path("name").asText().equals("KUBEVXLAN_INITIAL_NETWORKS"))
                .flatMap(variable -> variable.path("value").asText().lines())
                .forEach(line -> initial.put(line.split("=", 2)[0], line.split("=", 2)[1]));

        assertEquals(given.config(), WebhookSettings.read(List.of(), Map.of()));
        assertEquals(GivenCluster.INITIAL, initial);
    }

    @Test
    void requestsThatTheApiServerFillsInCountForTheAgents() throws Exception {
        Rendering rendering = render(pod("vxeth0")
                .replace("{name: app}", "{name: app, resources: {limits: {cpu: 1, ephemeral-storage: 1Gi}}}"));

        JsonNode spec = rendering.documents().getFirst().path("spec");
        assertEquals(
                "4Mi",
                spec.at("/initContainers/0/resources/requests/ephemeral-storage")
                        .asText());
        assertTrue(spec.at("/containers/0/resources/requests").isMissingNode(), "printed as it was given");
    }

    @Test
    void whatIsPrintedIsLetInUnchangedByTheWebhook() throws Exception {
        Rendering once = render(pod("vxeth0, vxeth1"));

        Rendering twice = render(once.documents().getFirst().toString());

        assertEquals(once, twice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{apiVersion: v1, kind: Pod, metadata: {name: a}} | Pod lab/a: pod.spec: found nothing, allowed: an",
                "{apiVersion: apps/v1, kind: Deployment, spec: {}} | Deployment lab/without a name, spec.template:"
                        + " found",
                "{apiVersion: v1, kind: Pod, metadata: {annotations: {a: 1}}} | Pod lab/without a name:"
                        + " pod.metadata.ann",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-vxlan-controller, namespace: kube-system},"
                        + " data: {a: 1}} | ConfigMap kube-system/kube-vxlan-controller, data.a: found 1, allowed: a"
                        + " text;",
                "{apiVersion: v1, kind: Namespace, metadata: {name: lab, labels: []}} | Namespace lab,"
                        + " metadata.labels:",
            })
    void whatIsNoObjectOfItsKindIsToldWithItsPlace(String text, String expected) {
        String message = String.valueOf(assertThrows(MalformedManifestException.class, () -> render(text))
                .getMessage());

        assertTrue(message.startsWith("pods.yaml, document 1, " + expected), message);
    }

    private static Rendering render(String text) throws MalformedManifestException {
        return Renderer.render(read(text), List.of(), Map.of());
    }

    private static List<Manifest> read(String text) throws MalformedManifestException {
        return ManifestReader.read("pods.yaml", text, "lab");
    }

    private static String pod(String networks) {
        return "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {vxlan.travelping.com: \"true\"}, annotations:"
                + " {vxlan.travelping.com/networks: \"" + networks + "\"}}, spec: {containers: [{name: app}]}}\n";
    }

    private static List<Severity> severities(Rendering rendering) {
        return rendering.remarks().stream().map(Remark::severity).toList();
    }

    private static List<String> lines(Rendering rendering) {
        return rendering.remarks().stream().map(Remark::line).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
