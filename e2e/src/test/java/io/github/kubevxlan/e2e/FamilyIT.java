package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Examples;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** IPv6 inside and outside, on a dual-stack cluster whose primary family is IPv4. */
@ParameterizedClass
@EnumSource(AgentKind.class)
class FamilyIT {
    private static final int MTU_OVER_IPV4 = 1450;
    private static final int MTU_OVER_IPV6 = 1430;

    @RegisterExtension
    static final Stage stage = Stage.named("family");

    private final AgentKind agent;

    FamilyIT(AgentKind agent) {
        this.agent = agent;
    }

    @AfterEach
    void clear() {
        stage.clear();
    }

    @Test
    void gatewayForwardsIpv6OverEitherFamilyAndThroughAnEditOfIt() {
        stage.define("six1", "161");
        stage.define("six2", "id=162 family=ipv6");
        Examples.apply("ipv6.yaml", stage, agent);
        List<Pod> pods = stage.ready("a6", "b6", "gw6");
        Pod a = pods.get(0);
        Pod b = pods.get(1);
        Pod gw = pods.get(2);
        Overlays.awaitExact("six1", List.of(a, gw));
        Overlays.awaitExactOverIpv6("six2", List.of(b, gw));
        assertEquals(MTU_OVER_IPV4, Overlays.of(a).link("six1").mtu());
        Overlay.Link before = Overlays.of(gw).link("six2");
        assertEquals(MTU_OVER_IPV6, before.mtu());
        assertReachThroughGateway(a, b);

        stage.define("six1", "id=161 family=ipv6");
        Overlays.awaitExactOverIpv6("six1", List.of(a, gw));
        assertEquals(MTU_OVER_IPV6, Overlays.of(a).link("six1").mtu());
        assertEquals(before, Overlays.of(gw).link("six2"), "the other network is as it was");
        assertReachThroughGateway(a, b);
        if (agent == AgentKind.NATIVE) {
            Status.awaitReady(a, true);
        }
        assertEquals(0, Pods.restarts(stage.pod("a6"), Pods.APP));

        stage.define("six1", "id=161 family=ipv4");
        Overlays.awaitExact("six1", List.of(a, gw));
        assertEquals(MTU_OVER_IPV4, Overlays.of(a).link("six1").mtu());
        assertReachThroughGateway(a, b);
    }

    @Test
    void podIsInBothNetworksOfAnIdOneInEachFamily() {
        stage.define("e2e-fam-4", "id=7960 family=ipv4");
        stage.define("e2e-fam-6", "id=7960 family=ipv6 forwarding=static");
        List<Pod> pods = stage.start(
                Pods.onNode(
                        0, agent.serve(Pods.member("both-1", "e2e-fam-4 ip=10.96.4.1/24\ne2e-fam-6 ip=10.96.6.1/24"))),
                Pods.onNode(
                        1, agent.serve(Pods.member("both-2", "e2e-fam-4 ip=10.96.4.2/24\ne2e-fam-6 ip=10.96.6.2/24"))));
        Declared.nothing()
                .and(
                        pods.get(0),
                        Net.of("e2e-fam-4", 7960, "10.96.4.1/24"),
                        Net.of("e2e-fam-6", 7960, "10.96.6.1/24").overIpv6())
                .and(
                        pods.get(1),
                        Net.of("e2e-fam-4", 7960, "10.96.4.2/24"),
                        Net.of("e2e-fam-6", 7960, "10.96.6.2/24").overIpv6())
                .awaitExact();
        Overlays.ping(pods.get(0), "10.96.4.2", "10.96.6.2");
        assertFillsPackets(pods.get(0), "10.96.6.2", MTU_OVER_IPV6);
    }

    @Test
    void podsOfADeploymentReachEachOtherOverIpv6AndScalingLeavesExactlyTheRightEntries() {
        stage.define("e2e-fam-dep", "id=7961 family=ipv6");
        Deployment deployment = Workloads.deployment(agent.serve(Pods.member("fam", "e2e-fam-dep")));
        stage.create(deployment);
        for (int replicas : List.of(4, 2)) {
            Cluster.client()
                    .apps()
                    .deployments()
                    .inNamespace(stage.namespace())
                    .withName("fam")
                    .scale(replicas);
            List<Pod> pods = stage.ready(Workloads.OWNER, "fam", replicas);
            Overlays.awaitExactOverIpv6("e2e-fam-dep", pods);
            Overlays.pingEachOther("e2e-fam-dep", pods);
        }
        stage.delete(deployment);
    }

    private static void assertReachThroughGateway(Pod a, Pod b) {
        String answers = Overlays.ping(a, "fd00:12::2");
        assertTrue(answers.contains("ttl=63"), () -> "one hop, the gateway, has forwarded: " + answers);
        Overlays.ping(b, "fd00:11::2");
    }

    /** The largest packet of the overlay passes whole, as 20 bytes are the IPv4 header's and 8 the ICMP header's. */
    private static void assertFillsPackets(Pod from, String to, int mtu) {
        Overlays.ping(from, "-s %d %s".formatted(mtu - 28, to));
    }
}
