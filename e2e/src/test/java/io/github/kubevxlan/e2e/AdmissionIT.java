package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server answers to a new pod, and what it makes of it. */
class AdmissionIT {
    private static final String NETWORK = "e2e-admit";

    @RegisterExtension
    static final Stage stage = Stage.named("admission");

    @BeforeAll
    static void defineNetwork() {
        stage.define(NETWORK, "7300");
        stage.define("e2e-admit-2", "7301");
        stage.define("e2e-admit-3", "id=7302 namespaces=somebody-elses");
    }

    @Test
    void podWithoutTheLabelIsUntouched() {
        Pod plain = withoutToken(Pods.plain("unlabelled", "exec hold"));
        PodSpec expected = stage.dryRun(plain).getSpec();
        assertEquals(
                expected,
                stage.dryRun(Pods.annotated(plain, "networks", NETWORK)).getSpec());
        assertEquals(List.of(), expected.getInitContainers());
    }

    @Test
    void labelledPodGetsTheAgentFirstAndKeepsTheRest() {
        Pod labelled = withoutToken(Pods.member("labelled", NETWORK));
        PodSpec plain =
                stage.dryRun(withoutToken(Pods.plain("labelled", "exec hold"))).getSpec();
        PodSpec injected = stage.dryRun(labelled).getSpec();
        assertEquals(
                List.of(Cluster.AGENT),
                injected.getInitContainers().stream().map(Container::getName).toList());
        assertEquals(plain.getContainers(), injected.getContainers());
    }

    /** The place, what was found, what is allowed; {@code \\n} stands for a line's end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e2e-admit up\\n"
                        + "  ip=10.74.0.300/24 | line 2, column 6 | 10.74.0.300/24 | an address with its prefix length",
                "e2e-admit mtu=9000 foo | line 1, column 20 | foo | an option: ",
                "'  up=true' | line 1, column 3 | up=true | a network's name at the beginning of a line",
                "e2e-admit id=16777216 | line 1, column 14 | 16777216 | a VNI, 1 to 16777215",
                "e2e-admit name=a234567890123456 | line 1, column 16 | a234567890123456 | an interface name, 1 to 15",
                "e2e-admit id=7301 | line 1, column 1 | id=7301 | id=7300, the id of network e2e-admit",
                "e2e-admit, e2e-admit-2 name=e2e-admit | line 1, column 12 | name=e2e-admit | an interface name of its"
                        + " own",
                "e2e-admit name=eth0 | line 1, column 1 | name=eth0 | an interface name that no underlay device has",
                "e2e-admit name=net1 dev=net1 | line 1, column 1 | name=net1 | an interface name that no underlay",
                "e2e-admit dstport=4789 | line 1, column 11 | dstport | one that an annotation may set: ",
                "e2e-admit peer=192.0.2.1 | line 1, column 11 | peer | one that an annotation may set: ",
                "e2e-admit namespaces=mine | line 1, column 11 | namespaces | one that an annotation may set: ",
                "e2e-admit default | line 1, column 11 | default | one that an annotation may set: ",
                "e2e-admit ip=10.74.0.1/24 route=0.0.0.0/0:10.74.0.2 | line 1, column 33 | 0.0.0.0/0:10.74.0.2 |"
                        + " no default route; only the ConfigMap may set one",
                "e2e-admit-3 | line 1, column 1 | e2e-admit-3 | a network that pods of namespace ",
            })
    void annotationIsRefusedWithPlaceFoundAndAllowed(String networks, String place, String found, String allowed) {
        String message = refusal(Pods.member("bad", networks.replace("\\n", "\n")));
        assertTrue(
                message.contains("annotation vxlan.travelping.com/networks, %s: found \"%s\", allowed: %s"
                        .formatted(place, found, allowed)),
                message);
    }

    @Test
    void everyMistakeOfAPodIsToldAtOnce() {
        Pod bad = Pods.annotated(Pods.member("bad", NETWORK + " mtu=9000 foo id=16777216"), "wait", "False");
        String message = refusal(bad);
        assertTrue(message.contains("found \"foo\", allowed: an option:"), message);
        assertTrue(message.contains("found \"16777216\", allowed: a VNI, 1 to 16777215"), message);
        assertTrue(message.contains("/wait, line 1, column 1: found \"False\", allowed: true or false"), message);
    }

    @Test
    void unknownNetworkIsWarnedOf(@TempDir Path folder) {
        assertEquals(
                List.of("network e2e-nowhere is not defined: the pod waits for it, unless it has"
                        + " vxlan.travelping.com/wait: \"false\""),
                Client.dryRun(Pods.member("waits", "e2e-nowhere"), stage.namespace(), folder)
                        .warnings());
    }

    @Test
    void labelWithoutANetworkIsWarnedOf(@TempDir Path folder) {
        List<String> warnings = Client.dryRun(Pods.member("none", ""), stage.namespace(), folder)
                .warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().contains("names no network yet"), warnings.toString());
    }

    @Test
    void existingAgentWithoutItsCapabilityIsWarnedOf(@TempDir Path folder) {
        Pod own = new PodBuilder(Pods.member("own", NETWORK))
                .editSpec()
                .addNewContainer()
                .withName(Cluster.AGENT)
                .withImage("somebody/agent")
                .endContainer()
                .endSpec()
                .build();
        assertEquals(
                List.of("the pod's own container vxlan-controller-agent has no capability NET_ADMIN"
                        + " (securityContext.capabilities.add): the controller can't set up the pod's networks"),
                Client.dryRun(own, stage.namespace(), folder).warnings());
    }

    /** The API server rejects the pod by itself; what we say comes with it. */
    @ParameterizedTest
    @ValueSource(strings = {"baseline", "restricted"})
    void podSecurityLevelIsNamedWithTheRemedy(String level, @TempDir Path folder) {
        try (Stage strict = Stage.named(level).open()) {
            Cluster.edit(
                    Cluster.client().namespaces().withName(strict.namespace()),
                    before -> new NamespaceBuilder(before)
                            .editMetadata()
                            .addToLabels("pod-security.kubernetes.io/enforce", level)
                            .endMetadata()
                            .build());
            String expected = "the namespace enforces Pod Security level " + level + ", which rejects the agent"
                    + " because of NET_ADMIN: label the namespace pod-security.kubernetes.io/enforce=privileged";
            Await.until("the webhook knows the label", () -> {
                Client.Response answer = Client.dryRun(Pods.member("any", NETWORK), strict.namespace(), folder);
                return !answer.accepted() && answer.warnings().equals(List.of(expected))
                        ? Optional.empty()
                        : Optional.of(answer.toString());
            });
        }
    }

    @Test
    void podWithItsNodesNetworkIsRefusedWithTheReason() {
        Pod onHost = new PodBuilder(Pods.member("host", NETWORK))
                .editSpec()
                .withHostNetwork(true)
                .endSpec()
                .build();
        String message = refusal(onHost);
        assertTrue(message.contains("spec.hostNetwork: found true"), message);
    }

    /** As charts write it, or for one container alone. */
    @ParameterizedTest
    @CsvSource({"In, windows", "NotIn, linux", "'', ContainerUser"})
    void podThatNoLinuxNodeMayRunIsRefusedWithTheReason(String operator, String value) {
        Pod pod = operator.isEmpty() ? withWindowsUser(value) : withRequiredOs(operator, value);
        String message = refusal(pod);
        assertTrue(message.contains("allowed: linux"), message);
    }

    @Test
    void podThatOnlyALinuxNodeMayRunIsLetIn() {
        assertEquals(
                List.of(Cluster.AGENT),
                stage.dryRun(withRequiredOs("In", "linux")).getSpec().getInitContainers().stream()
                        .map(Container::getName)
                        .toList());
    }

    /** It runs from a file on its node, so that a changed mirror would lie. */
    @Test
    void mirrorOfAStaticPodStaysAsItIsWithAWarning(@TempDir Path folder) {
        Pod mirror = new PodBuilder(withoutToken(Pods.member("mirror", NETWORK)))
                .editMetadata()
                .addToAnnotations("kubernetes.io/config.mirror", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
                .endMetadata()
                .editSpec()
                .withNodeName(Cluster.nodes().getFirst())
                .endSpec()
                .build();
        PodSpec seen = stage.dryRun(mirror).getSpec();
        assertEquals(List.of(), seen.getInitContainers());
        assertEquals(List.of(), seen.getReadinessGates());
        List<String> warnings = Client.dryRun(mirror, stage.namespace(), folder).warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().contains("static pod"), warnings.toString());
    }

    /** From whatever registry, and ours as a backup has it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "quay.io/openvnf/kube-vxlan-controller-agent:v2.1.0",
                "aialferov/kube-vxlan-controller-agent",
                "kube-vxlan-controller-agent:0.9.0",
            })
    void olderAgentIsReplacedByTheCurrentOne(String image) {
        Pod older = new PodBuilder(Pods.member("older", NETWORK))
                .editSpec()
                .addNewInitContainer()
                .withName(Cluster.AGENT + "-init")
                .withImage(image)
                .endInitContainer()
                .addNewContainer()
                .withName(Cluster.AGENT)
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
        PodSpec seen = stage.dryRun(older).getSpec();
        assertEquals(
                stage.dryRun(Pods.member("new", NETWORK))
                        .getSpec()
                        .getInitContainers()
                        .getFirst()
                        .getImage(),
                seen.getInitContainers().getFirst().getImage());
        assertEquals(1, seen.getContainers().size());
    }

    private static Pod withWindowsUser(String user) {
        return new PodBuilder(Pods.member("by-options", NETWORK))
                .editSpec()
                .editFirstContainer()
                .editOrNewSecurityContext()
                .withNewWindowsOptions()
                .withRunAsUserName(user)
                .endWindowsOptions()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }

    private static Pod withRequiredOs(String operator, String value) {
        return new PodBuilder(Pods.member("by-affinity", NETWORK))
                .editSpec()
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(new NodeSelectorRequirement("kubernetes.io/os", operator, List.of(value)))
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .endSpec()
                .build();
    }

    private static String refusal(Pod pod) {
        KubernetesClientException refused = assertThrows(KubernetesClientException.class, () -> stage.dryRun(pod));
        assertFalse(refused.getCode() >= 500, () -> "the pod is wrong, not the webhook: " + refused.getMessage());
        return String.valueOf(refused.getMessage());
    }

    /** The API server gives the token's volume a name made by chance. */
    private static Pod withoutToken(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .withAutomountServiceAccountToken(false)
                .endSpec()
                .build();
    }
}
