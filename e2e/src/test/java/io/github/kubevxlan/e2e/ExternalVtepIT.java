package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Kernel;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.NetworksPage;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Linux machine outside the cluster as a VTEP, set up as docs/networks.md says. */
class ExternalVtepIT {
    private static final String VTEP = "10.200.0.1";
    private static final String LINK = "ext-vtep";
    private static final String BRIDGE = "ext-bridge";
    private static final String OUTSIDE = "10.95.1.100";

    /** An address that its interface is bridged to the VTEP with: a MAC behind it. */
    private static final String TO_THE_BRIDGE = """
        ip link add ext-bridge address 02:00:00:95:01:00 type bridge
        ip address del 10.95.1.100/24 dev ext-vtep
        ip link set ext-vtep master ext-bridge
        ip address add 10.95.1.100/24 dev ext-bridge
        ip link set ext-bridge up
        """;

    @RegisterExtension
    static final Stage stage = Stage.named("vtep");

    @AfterEach
    void takeItAway() {
        Lab.outside("for link in %s %s; do ! ip link show dev $link >/dev/null 2>&1 || ip link del dev $link; done"
                .formatted(LINK, BRIDGE));
        stage.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood", "static"})
    void pingsPodsAndIsPingedWithItsOwnMacAndOneBehindIt(String forwarding) {
        stage.define("e2e-vtep", "id=8400 forwarding=%s peer=%s".formatted(forwarding, VTEP));
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("in-1", "e2e-vtep ip=10.95.1.1/24")),
                Pods.onNode(1, Pods.member("in-2", "e2e-vtep ip=10.95.1.2/24")));
        assertTrue(Kernel.of(pods.getFirst()).link("e2e-vtep").lines().contains("to " + VTEP));

        Lab.outside(otherSide());
        pingBothWays(pods);
        String direct = macSeenBy(pods.getFirst());

        Lab.outside(TO_THE_BRIDGE);
        pods.forEach(pod -> Lab.inPod(pod, "/sbin/ip neigh flush to " + OUTSIDE));
        pingBothWays(pods);
        assertFalse(direct.equals(macSeenBy(pods.getFirst())), "the MAC is another one");

        stage.define("e2e-vtep", "id=8400 forwarding=" + forwarding);
        pods.forEach(pod -> Await.until("no entry leads there any more", () -> {
            SortedSet<String> lines = Kernel.of(pod).link("e2e-vtep").lines();
            return lines.contains("to " + VTEP) ? Optional.of(lines.toString()) : Optional.empty();
        }));
    }

    private static void pingBothWays(List<Pod> pods) {
        for (Pod pod : pods) {
            Overlays.ping(pod, OUTSIDE);
        }
        for (int i = 1; i <= pods.size(); i++) {
            Lab.outside("busybox ping -c 1 -W 5 10.95.1." + i);
        }
    }

    private static String macSeenBy(Pod pod) {
        return Shell.inApp(pod, "ip neigh show " + OUTSIDE + " | sed 's/.*lladdr \\([^ ]*\\).*/\\1/'")
                .strip();
    }

    private static String otherSide() {
        String values = "network=%s vni=8400 port=14789 vtep=%s mtu=1450 address=%s/24".formatted(LINK, VTEP, OUTSIDE);
        String page = NetworksPage.otherSide();
        return "kubectl() { command kubectl --namespace " + stage.namespace() + " \"$@\"; }\n" + values
                + page.substring(page.indexOf('\n'));
    }
}
