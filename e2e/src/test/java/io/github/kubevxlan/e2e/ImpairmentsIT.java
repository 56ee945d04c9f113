package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Impairments in pods, on this machine's kernel: it has TBF, and netem perhaps. */
class ImpairmentsIT {
    @RegisterExtension
    static final Stage stage = Stage.named("impairments");

    @ParameterizedTest
    @EnumSource(AgentKind.class)
    void aDefinitionIsEditedLiveAndTakenAwayWithoutTrace(AgentKind agent) {
        int vni = 8270 + number(agent);
        String network = "e2e-rate" + number(agent);
        stage.define(network, "id=" + vni + " rate=10mbit");
        Pod pod = stage.start(agent.serve(Pods.member("rate" + number(agent), network + " ip=10.79.60.1/24")))
                .getFirst();
        await(pod, network, "qdisc tbf 185: root refcnt 2 rate 10Mbit ");
        int index = Overlays.of(pod).link(network).index();

        stage.define(network, "id=" + vni + " rate=1mbit");
        await(pod, network, "qdisc tbf 185: root refcnt 2 rate 1Mbit ");

        stage.define(network, Integer.toString(vni));
        await(pod, network, "qdisc noqueue 0: root refcnt 2");
        assertEquals(index, Overlays.of(pod).link(network).index());
    }

    @ParameterizedTest
    @EnumSource(AgentKind.class)
    void whatTheKernelLacksIsToldAndTheRestIsApplied(AgentKind agent) {
        String network = "e2e-delay" + number(agent);
        String name = "delay" + number(agent);
        stage.define(network, "id=" + (8272 + number(agent)) + " rate=10mbit delay=20ms loss=0.5%");
        Pod pod = stage.start(agent.serve(Pods.member(name, network + " ip=10.79.65.1/24")))
                .getFirst();

        if (hasNetem(pod)) {
            await(pod, network, "qdisc netem 184: root refcnt 2 limit 1000 delay 20ms loss 0.5% rate 10Mbit");
            Status.awaitStates(pod, Map.of(network, "Ready"));
        } else {
            await(pod, network, "qdisc tbf 185: root refcnt 2 rate 10Mbit ");
            Status.awaitStates(pod, Map.of(network, "Degraded"));
            String sentence = "network " + network + ": the kernel has no sch_netem, so without delay=20ms, loss=0.5%";
            assertEquals(sentence, Status.of(stage.pod(name)).getFirst().get("message"));
            Await.until("an Event says " + sentence, () -> {
                List<String> said = stage.events(name, "NetworkUnavailable");
                return said.stream().anyMatch(message -> message.contains(sentence))
                        ? Optional.empty()
                        : Optional.of(said.toString());
            });
        }
        Status.awaitReady(pod, true);
    }

    @Test
    void somebodyElsesQdiscStaysAndIsTold() {
        String network = "e2e-foreign-q";
        stage.define(network, "8274");
        Pod pod = stage.start(Pods.member("foreign-q", network + " ip=10.79.70.1/24"))
                .getFirst();
        Lab.inPod(pod, "tc qdisc add dev " + network + " root handle 7: tbf rate 3mbit burst 16kb limit 32kb");

        stage.define(network, "id=8274 rate=1mbit");

        Status.awaitStates(pod, Map.of(network, "Degraded"));
        assertEquals(
                "network " + network + ": its interface has a qdisc tbf that is not the controller's, so it is without"
                        + " rate=1mbit",
                Status.of(stage.pod("foreign-q")).getFirst().get("message"));
        assertTrue(qdisc(pod, network).startsWith("qdisc tbf 7: root"), qdisc(pod, network));

        Lab.inPod(pod, "tc qdisc del dev " + network + " root");
        stage.define(network, "id=8274 rate=2mbit");
        await(pod, network, "qdisc tbf 185: root refcnt 2 rate 2Mbit ");
        Status.awaitStates(pod, Map.of(network, "Ready"));
    }

    @Test
    void aPodSetsThemWhereTheDefinitionSaysSo() {
        stage.define("e2e-closed-q", "8275");
        stage.define("e2e-open-q", "id=8276 rate=10mbit impairments");
        Pod unasked = Pods.member("closed-q", "e2e-closed-q delay=20ms");
        Await.until("the webhooks know the network, and refuse the pod", () -> {
            try {
                stage.dryRun(unasked);
                return Optional.of("it is taken");
            } catch (KubernetesClientException e) {
                String words = String.valueOf(e.getMessage());
                return words.contains("found \"delay=20ms\", allowed: no delay here, because the definition of network"
                                + " e2e-closed-q does not say impairments")
                        ? Optional.empty()
                        : Optional.of(words);
            }
        });

        Pod pod = stage.start(Pods.member("open-q", "e2e-open-q ip=10.79.72.1/24 rate=2mbit"))
                .getFirst();

        await(pod, "e2e-open-q", "qdisc tbf 185: root refcnt 2 rate 2Mbit ");
    }

    private static int number(AgentKind agent) {
        return agent == AgentKind.NATIVE ? 0 : 1;
    }

    private static boolean hasNetem(Pod pod) {
        String said = Lab.inPod(
                pod,
                "ip link add netem0 type veth && { tc qdisc add dev netem0 root netem delay 1ms 2>&1; ip link del"
                        + " netem0; }");
        return said.isBlank();
    }

    private static String qdisc(Pod pod, String network) {
        return Lab.inPod(pod, "tc qdisc show dev " + network).strip();
    }

    private static void await(Pod pod, String network, String begins) {
        Await.until(
                "the qdisc of " + network + " is " + begins,
                () -> qdisc(pod, network).startsWith(begins) ? Optional.empty() : Optional.of(qdisc(pod, network)));
    }
}
