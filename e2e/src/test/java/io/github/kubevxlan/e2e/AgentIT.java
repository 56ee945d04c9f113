package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The container that the controller works through: ours when it dies, and somebody else's. */
class AgentIT {
    private static final String NETWORK = "e2e-agent";

    @RegisterExtension
    static final Stage stage = Stage.named("agent");

    @BeforeAll
    static void defineNetwork() {
        stage.define(NETWORK, "7500");
    }

    @Test
    void killedAgentCostsNeitherLinksNorAnyPeersEntry() {
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("victim", NETWORK + " ip=10.76.0.1/24")),
                Pods.onNode(1, Pods.member("witness", NETWORK + " ip=10.76.0.2/24")));
        Overlays.awaitExact(NETWORK, pods);
        Pod victim = pods.get(0);
        Overlay.Link before = Overlays.of(victim).link(NETWORK);
        ByteArrayOutputStream changes = new ByteArrayOutputStream();

        try (ExecWatch watching = Shell.begin(pods.get(1), Pods.APP, "exec bridge monitor fdb", changes)) {
            assertEquals(false, watching.exitCode().isDone(), "the witness watches its entries");
            Shell.run(victim, Cluster.AGENT, "kill 1");
            Await.until(
                    "the agent is back",
                    () -> Pods.restarts(stage.pod("victim"), Cluster.AGENT) == 1
                                    && Pods.isRunning(stage.pod("victim"), Cluster.AGENT)
                            ? Optional.empty()
                            : Pods.notReady(stage.pod("victim")));
            Pod late = stage.start(Pods.member("late", NETWORK + " ip=10.76.0.3/24"))
                    .getFirst();
            Overlays.awaitExact(NETWORK, List.of(victim, pods.get(1), late));
        }
        assertEquals(before, Overlays.of(victim).link(NETWORK));
        assertEquals(0, Pods.restarts(stage.pod("victim"), Pods.APP), "the app did not notice");
        String seen = changes.toString(StandardCharsets.UTF_8);
        assertTrue(seen.contains("dst " + Pods.ip(stage.pod("late"))), () -> "the witness saw the late one: " + seen);
        assertEquals(
                List.of(),
                seen.lines()
                        .filter(line -> line.contains("00:00:00:00:00:00") && line.contains("dst " + Pods.ip(victim)))
                        .toList(),
                "changes of the witness's entry for the victim");
    }

    @Test
    void podWithAHandMadeSidecarBecomesAMember() {
        Pod peer = stage.start(Pods.onNode(0, Pods.member("peer", NETWORK + " ip=10.76.0.11/24")))
                .getFirst();
        Pod own = stage.start(Pods.onNode(1, withOwnAgent(Pods.member("own", NETWORK + " ip=10.76.0.12/24"))))
                .getFirst();
        assertEquals(List.of(), own.getSpec().getInitContainers(), "the webhook added nothing");
        Await.until("the link", () -> {
            Overlays.of(own).link(NETWORK);
            return Optional.empty();
        });
        Shell.inApp(own, "ping -c 1 -W 5 10.76.0.11");
        assertTrue(Overlays.of(peer).floods(NETWORK).contains(Pods.ip(own)));
    }

    @Test
    void labelOnARunningPodWithoutAnAgentIsAnsweredByAnEvent() {
        stage.start(Pods.plain("bare", "exec hold"));
        Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName("bare")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(Cluster.PREFIX, "true")
                        .addToAnnotations(Cluster.PREFIX + "/names", NETWORK)
                        .endMetadata()
                        .build());
        String message = stage.event("bare", "NoAgent");
        assertTrue(message.contains("recreate the pod"), message);
    }

    /** As manifests for the first controller had it: a container beside the app, with the one capability it needs. */
    private static Pod withOwnAgent(Pod pod) {
        return new PodBuilder(Pods.annotated(pod, "inject", "false"))
                .editSpec()
                .addNewContainer()
                .withName(Cluster.AGENT)
                .withImage("kube-vxlan-controller-agent:lab")
                .withImagePullPolicy("IfNotPresent")
                .withNewSecurityContext()
                .withNewCapabilities()
                .addToAdd("NET_ADMIN")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }
}
