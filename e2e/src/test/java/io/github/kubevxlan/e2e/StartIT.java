package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an app finds when it starts. */
class StartIT {
    private static final String NETWORK = "e2e-start";

    @RegisterExtension
    static final Stage stage = Stage.named("start");

    @BeforeAll
    static void startGateway() {
        stage.define(NETWORK, "7100");
        stage.start(Pods.onNode(0, Pods.member("gateway", NETWORK + " ip=10.71.0.1/24")));
    }

    @Test
    void firstInstructionReachesTheGatewayOnTheOtherNode() {
        Pod app = Pods.onNode(
                1, Pods.member("client", NETWORK + " ip=10.71.0.2/24", "ping -c 1 -W 60 10.71.0.1 && exec hold"));
        assertEquals(0, Pods.restarts(stage.start(app).getFirst(), Pods.APP), "starts of the app after its first");
    }

    @Test
    void firstInstructionSeesTheInterfaceUpAndAddressed() {
        String look = "ip -o address show dev %s up | grep -F '10.71.0.3/24' && exec hold".formatted(NETWORK);
        Pod app = Pods.member("looks", NETWORK + " ip=10.71.0.3/24", look);
        assertEquals(0, Pods.restarts(stage.start(app).getFirst(), Pods.APP), "starts of the app after its first");
    }

    @Test
    void podWithAnUnknownNetworkWaitsWithAnEventAndStartsOnceItIsDefined() {
        stage.create(Pods.member("early", "e2e-later ip=10.72.0.1/24"));
        String message = stage.event("early", "NetworkUnavailable");
        assertTrue(message.contains("e2e-later"), message);
        assertFalse(Pods.isRunning(stage.pod("early"), Pods.APP), "the app waits");

        stage.define("e2e-later", "7101");
        Pod started = stage.ready("early").getFirst();
        assertEquals(List.of("10.72.0.1/24"), ipv4(started, "e2e-later"));
        assertEquals(0, Pods.restarts(started, Cluster.AGENT), "the agent waited without a restart");
    }

    @Test
    void podThatDoesNotWantToWaitStartsAndGetsTheNetworkLater() {
        Pod impatient = Pods.annotated(Pods.member("impatient", "e2e-much-later"), "wait", "false");
        Pod started = stage.start(impatient).getFirst();
        assertEquals(
                Optional.empty(),
                Optional.ofNullable(Overlays.of(started).links().get("e2e-much-later")));

        stage.define("e2e-much-later", "7102");
        Await.until("the network is there", () -> {
            Overlays.of(started).link("e2e-much-later");
            return Optional.empty();
        });
    }

    @Test
    void podThatNamesNoNetworkYetStartsAtOnceAndBecomesAMemberWhenOneTurnsUp() {
        Pod started = stage.start(Pods.member("none-yet", "")).getFirst();
        assertEquals(Map.of(), Overlays.of(started).links());

        stage.annotate("names", NETWORK);
        Await.until("the network is there", () -> {
            Overlays.of(started).link(NETWORK);
            return Optional.empty();
        });
        assertEquals(0, Pods.restarts(stage.pod("none-yet"), Cluster.AGENT), "starts of the agent after its first");
    }

    private static List<String> ipv4(Pod pod, String link) {
        return Overlays.of(pod).link(link).addresses().stream()
                .filter(address -> address.contains("."))
                .toList();
    }
}
