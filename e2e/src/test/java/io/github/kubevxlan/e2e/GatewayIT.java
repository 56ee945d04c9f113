package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Examples;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GatewayIT {
    @RegisterExtension
    static final Stage stage = Stage.named("gateway");

    private static Pod a;
    private static Pod b;
    private static Pod gw;

    @BeforeAll
    static void applyExample() {
        Examples.apply("gateway.yaml", stage);
        List<Pod> pods = stage.ready("a", "b", "gw");
        a = pods.get(0);
        b = pods.get(1);
        gw = pods.get(2);
    }

    @Test
    void eachEndReachesTheOtherThroughTheGateway() {
        String answers = Overlays.ping(a, "192.168.12.2");
        assertTrue(answers.contains("ttl=63"), () -> "one hop, the gateway, has forwarded: " + answers);
        Overlays.ping(b, "192.168.11.2");
    }

    @Test
    void everyPodHasTheAddressesOfItsAnnotationAndNoOther() {
        assertEquals(List.of("192.168.11.2/29"), ipv4(a, "vxeth1"));
        assertEquals(List.of("192.168.12.2/29"), ipv4(b, "vxeth2"));
        assertEquals(List.of("192.168.11.1/29"), ipv4(gw, "vxeth1"));
        assertEquals(List.of("192.168.12.1/29"), ipv4(gw, "vxeth2"));
    }

    @Test
    void everySegmentSendsToItsOwnMembersOnly() {
        Overlays.awaitExact("vxeth1", List.of(a, gw));
        Overlays.awaitExact("vxeth2", List.of(b, gw));
        assertEquals(List.of("vxeth1"), List.copyOf(Overlays.of(a).links().keySet()));
        assertEquals(List.of("vxeth2"), List.copyOf(Overlays.of(b).links().keySet()));
    }

    private static List<String> ipv4(Pod pod, String link) {
        return Overlays.of(pod).link(link).ipv4();
    }
}
