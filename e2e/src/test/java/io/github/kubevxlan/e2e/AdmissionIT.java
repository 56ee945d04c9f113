package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the API server answers to a new pod, and what it makes of it. */
class AdmissionIT {
    private static final String NETWORK = "e2e-admit";
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    @RegisterExtension
    static final Stage stage = Stage.named("admission");

    @BeforeAll
    static void defineNetwork() {
        stage.define(NETWORK, "7300");
    }

    @Test
    void podWithoutTheLabelIsUntouched() {
        Pod plain = withoutToken(Pods.plain("unlabelled", "exec hold"));
        PodSpec expected = admitted(plain).getSpec();
        assertEquals(
                expected, admitted(Pods.annotated(plain, "networks", NETWORK)).getSpec());
        assertEquals(List.of(), expected.getInitContainers());
    }

    @Test
    void labelledPodGetsTheAgentFirstAndKeepsTheRest() {
        Pod labelled = withoutToken(Pods.member("labelled", NETWORK));
        PodSpec plain =
                admitted(withoutToken(Pods.plain("labelled", "exec hold"))).getSpec();
        PodSpec injected = admitted(labelled).getSpec();
        assertEquals(
                List.of(Cluster.AGENT),
                injected.getInitContainers().stream().map(Container::getName).toList());
        assertEquals(plain.getContainers(), injected.getContainers());
    }

    @Test
    void badAnnotationIsRefusedWithPlaceFoundAndAllowed() {
        Pod bad = Pods.member("bad", NETWORK + " up\n  ip=10.74.0.300/24");
        String message = refusal(bad);
        assertTrue(
                message.contains("annotation vxlan.travelping.com/networks, line 2, column 6:"
                        + " found \"10.74.0.300/24\", allowed: an address with its prefix length"),
                message);
    }

    @Test
    void everyMistakeOfAnAnnotationIsToldAtOnce() {
        String message = refusal(Pods.member("bad", NETWORK + " mtu=9000 foo id=16777216"));
        assertTrue(message.contains("found \"foo\", allowed: an option:"), message);
        assertTrue(message.contains("found \"16777216\", allowed: a VNI, 1 to 16777215"), message);
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

    @Test
    void agentHoldsNoServiceAccountTokenAndTheAppKeepsItsOwn() {
        Pod pod = stage.start(Pods.member("token", NETWORK)).getFirst();
        assertEquals(0, Shell.run(pod, Pods.APP, "test -s " + TOKEN).status(), "the app has a token");
        assertEquals(1, Shell.run(pod, Cluster.AGENT, "test -e " + TOKEN).status(), "the agent has one");
    }

    @Test
    void guaranteedPodStaysGuaranteed() {
        Map<String, Quantity> some = Map.of("cpu", new Quantity("20m"), "memory", new Quantity("16Mi"));
        Pod guaranteed = new PodBuilder(Pods.member("guaranteed", NETWORK))
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .withRequests(some)
                .withLimits(some)
                .endResources()
                .endContainer()
                .endSpec()
                .build();
        assertEquals(
                "Guaranteed", stage.start(guaranteed).getFirst().getStatus().getQosClass());
    }

    @Test
    void podThatMayNotRunAsRootGetsItsNetworkAllTheSame() {
        Pod nonRoot = new PodBuilder(Pods.member("non-root", NETWORK + " ip=10.74.0.5/24"))
                .editSpec()
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65532L)
                .endSecurityContext()
                .endSpec()
                .build();
        String addresses = Shell.inApp(stage.start(nonRoot).getFirst(), "ip -o address show dev " + NETWORK);
        assertTrue(addresses.contains("10.74.0.5/24"), addresses);
    }

    private static Pod admitted(Pod pod) {
        return Cluster.client()
                .resource(pod)
                .inNamespace(stage.namespace())
                .dryRun()
                .create();
    }

    private static String refusal(Pod pod) {
        KubernetesClientException refused = assertThrows(KubernetesClientException.class, () -> admitted(pod));
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
