package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.OverlayMonitor;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The container that the controller works through: ours when it dies, and somebody else's. */
class AgentIT {
    private static final String NETWORK = "e2e-agent";

    /** The chart's controller.execDeadline: from then on another shell may have told an agent that hangs. */
    private static final Duration EXEC_DEADLINE = Duration.ofSeconds(10);

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
        Declared both = Declared.nothing()
                .and(pods.get(0), Net.of(NETWORK, 7500, "10.76.0.1/24"))
                .and(pods.get(1), Net.of(NETWORK, 7500, "10.76.0.2/24"));
        both.awaitExact();
        Pod victim = pods.get(0);
        Overlay.Link before = Overlays.of(victim).link(NETWORK);
        Pod late;
        try (OverlayMonitor witness = OverlayMonitor.begin(pods.get(1), NETWORK)) {
            Lab.signal("TERM", victim, Cluster.AGENT);
            Await.until(
                    "the agent is back",
                    () -> Pods.restarts(stage.pod("victim"), Cluster.AGENT) == 1
                                    && Pods.isRunning(stage.pod("victim"), Cluster.AGENT)
                            ? Optional.empty()
                            : Pods.notReady(stage.pod("victim")));
            late = stage.start(Pods.member("late", NETWORK + " ip=10.76.0.3/24"))
                    .getFirst();
            both.and(late, Net.of(NETWORK, 7500, "10.76.0.3/24")).awaitExact();
            List<String> lates = witness.changesOf(Pods.ip(late), Pods.mac(late, NETWORK, 7500), "10.76.0.3");
            assertEquals(
                    4, lates.size(), "the witness saw the late one: two entries, a neighbour, an element: " + lates);
            assertEquals(List.of(), witness.changesOf(Pods.ip(victim), Pods.mac(victim, NETWORK, 7500), "10.76.0.1"));
        }
        assertEquals(before, Overlays.of(victim).link(NETWORK));
        assertEquals(0, Pods.restarts(stage.pod("victim"), Pods.APP), "the app did not notice");
        stage.delete("victim", "witness", "late");
    }

    /** Its shell has been told of a pod that joined, and does not answer; another shell is opened, and it wakes up. */
    @Test
    void agentThatHangsDelaysNobodyElseAndChangesNothingWhenItWakesUp() {
        String network = NETWORK + "-hang";
        Net net = Net.of(network, 7501);
        stage.define(network, "7501");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("hangs", network)), Pods.onNode(1, Pods.member("does-not", network)));
        Declared.all(pods, net).awaitExact();

        Lab.signal("STOP", pods.get(0), Cluster.AGENT);
        long stopped = System.nanoTime();
        stage.create(Pods.onNode(1, Pods.member("brief", network)));
        stage.awaitAgent("brief");
        Pod joined = stage.pod("brief");
        Declared withJoined = Declared.all(pods, net).and(joined, net);
        withJoined.awaitExactIn(List.of(pods.get(1), joined));
        boolean isTold = Lab.sendsTo(pods.get(0), Pods.ip(joined));
        assertTrue(!isTold || EXEC_DEADLINE.toNanos() < System.nanoTime() - stopped, "the others did not wait for it");
        stage.ready("brief");
        withJoined.awaitExact();
        stage.delete("brief");
        Declared.all(pods, net).awaitExact();

        Lab.signal("CONT", pods.get(0), Cluster.AGENT);
        Pod late =
                stage.start(Pods.onNode(1, Pods.member("late-hang", network))).getFirst();
        Declared.all(pods, net).and(late, net).awaitExact();
    }

    @Test
    void agentWithoutItsCapabilityIsTold() {
        String network = NETWORK + "-cap";
        stage.define(network, "7502");
        Pod peer = stage.start(Pods.onNode(0, Pods.member("able", network))).getFirst();
        Pod unable = stage.start(Pods.onNode(1, Pods.withOwnAgent(Pods.member("unable", network), List.of())))
                .getFirst();
        stage.awaitEvent("unable", "AgentFailed", "NET_ADMIN");
        Declared.nothing()
                .and(peer, Net.of(network, 7502))
                .and(unable, Net.of(network, 7502))
                .awaitExactIn(List.of(peer));
        Declared.nothing().and(unable).awaitExact();
    }

    @Test
    void podWithAnAgentOfItsOwnBecomesAMember() {
        Pod peer = stage.start(Pods.onNode(0, Pods.member("peer", NETWORK + " ip=10.76.0.11/24")))
                .getFirst();
        Pod own = stage.start(Pods.onNode(
                        1, Pods.withOwnAgent(Pods.member("own", NETWORK + " ip=10.76.0.12/24"), List.of("NET_ADMIN"))))
                .getFirst();
        assertEquals(List.of(), own.getSpec().getInitContainers(), "the webhook added nothing");
        Await.until("each sends to the other", () -> {
            String said = Overlays.tryPing(own, "-c 1 -W 5 10.76.0.11");
            List<String> floods = Overlays.of(peer).floods(NETWORK);
            return said.contains("ttl=64") && floods.contains(Pods.ip(own))
                    ? Optional.empty()
                    : Optional.of(said + ", " + floods);
        });
    }

    /** What the agent with a shell has made, its packet filter too, is the native one's from then on. */
    @Test
    void agentOfAnotherKindTakesOverWithoutLosingAPacket() {
        String network = NETWORK + "-kind";
        stage.define(network, "7503");
        List<Pod> pods = stage.start(
                Pods.onNode(0, AgentKind.SHELL.serve(Pods.member("changes", network + " ip=10.76.3.1/24"))),
                Pods.onNode(1, Pods.member("stays", network + " ip=10.76.3.2/24")));
        Declared both = Declared.nothing()
                .and(pods.get(0), Net.of(network, 7503, "10.76.3.1/24"))
                .and(pods.get(1), Net.of(network, 7503, "10.76.3.2/24"));
        both.awaitExact();
        Overlay.Link before = Overlays.of(pods.get(0)).link(network);
        Ping ping = Ping.begin(pods.get(1), "10.76.3.1");

        stage.edit(
                "changes",
                pod -> new PodBuilder(pod)
                        .editSpec()
                        .editMatchingContainer(container -> container.getName().equals(Cluster.AGENT))
                        .withImage("kube-vxlan-controller-agent:lab")
                        .endContainer()
                        .endSpec()
                        .build());
        Await.until("the status tells the native agent's version", () -> {
            List<Map<String, Object>> told = Status.of(stage.pod("changes"));
            return told.stream().anyMatch(one -> one.containsKey("agent"))
                    ? Optional.empty()
                    : Optional.of(told.toString());
        });
        Pod joins =
                stage.start(Pods.member("joins", network + " ip=10.76.3.3/24")).getFirst();
        both.and(joins, Net.of(network, 7503, "10.76.3.3/24")).awaitExact();

        assertEquals(0, ping.end().lost());
        assertEquals(before, Overlays.of(pods.get(0)).link(network));
    }

    @Test
    void labelOnARunningPodWithoutAnAgentIsAnsweredByAnEvent() {
        stage.start(Pods.plain("bare", "exec hold"));
        stage.edit(
                "bare",
                pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(Cluster.PREFIX, "true")
                        .addToAnnotations(Cluster.PREFIX + "/names", NETWORK)
                        .endMetadata()
                        .build());
        String message = stage.event("bare", "NoAgent");
        assertTrue(message.contains("recreate the pod"), message);
    }
}
