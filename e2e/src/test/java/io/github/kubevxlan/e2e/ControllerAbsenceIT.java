package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Alone("kills the controller")
class ControllerAbsenceIT {
    private static final String NETWORK = "e2e-absence";
    private static final int MANY = 20;
    private static final int RESTARTS = 2;
    private static final Net NET = Net.of(NETWORK, 7600);

    @RegisterExtension
    static final Stage stage = Stage.named("absence");

    @AfterEach
    void bringControllerBack() {
        Controller.start();
    }

    @Test
    void whatChangedMeanwhileIsRightAfterItsReturnAndNoInterfaceIsMadeAnew() {
        stage.define(NETWORK, "7600");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("gone-1", NETWORK)),
                Pods.onNode(1, Pods.member("gone-2", NETWORK)),
                Pods.onNode(0, Pods.member("stays-1", NETWORK)),
                Pods.onNode(1, Pods.member("stays-2", NETWORK)));
        Declared.all(pods, NET).awaitExact();
        List<Pod> staying = pods.subList(2, 4);
        List<Integer> indexes = indexes(staying);

        Controller.kill();
        stage.delete("gone-1", "gone-2");
        stage.create(Pods.onNode(0, Pods.member("new-1", NETWORK)), Pods.onNode(1, Pods.member("new-2", NETWORK)));
        for (String name : List.of("new-1", "new-2")) {
            stage.awaitAgent(name);
            assertFalse(Pods.isRunning(stage.pod(name), Pods.APP), "the app of " + name + " waits");
        }
        Controller.start();

        List<Pod> added = stage.ready("new-1", "new-2");
        Declared.all(staying, NET).and(Declared.all(added, NET)).awaitExact();
        assertEquals(indexes, indexes(staying), "the interfaces of those that stayed");
        assertEquals(0, Pods.restarts(added.getFirst(), Cluster.AGENT), "the new ones waited without a restart");
    }

    /** As after {@code helm uninstall}; docs/operations.md tells users so. */
    @Test
    void aMemberWhoseSandboxIsLostMeanwhileWaitsAndCanBeLetGoByHand() {
        stage.define("e2e-sandbox", "7602");
        Pod member = stage.start(Pods.member("sandboxed", "e2e-sandbox")).getFirst();

        Controller.kill();
        Lab.signal("KILL", member, Lab.SANDBOX);
        Await.until(
                "it has another address",
                () -> Optional.of("it has the same")
                        .filter(same -> Pods.ip(stage.pod("sandboxed")).equals(Pods.ip(member))));
        stage.awaitAgent("sandboxed");
        assertFalse(Pods.isRunning(stage.pod("sandboxed"), Pods.APP), "the app waits");

        Shell.exec(stage.pod("sandboxed"), Cluster.AGENT, "/vxlan/agent", "complete");
        Await.until(
                "the app runs",
                () -> Pods.isRunning(stage.pod("sandboxed"), Pods.APP)
                        ? Optional.empty()
                        : Pods.notReady(stage.pod("sandboxed")));
    }

    @Test
    void controllersThatAreKilledAgainAndAgainMissNoneOfManyPods() {
        Net net = Net.of("e2e-restarts", 7601);
        stage.define("e2e-restarts", "7601");
        List<Pod> pods = new ArrayList<>(stage.start(IntStream.range(0, MANY)
                .mapToObj(i -> Pods.onNode(i, Pods.member("many-" + i, "e2e-restarts")))
                .toArray(Pod[]::new)));
        for (int i = 0; i < RESTARTS; i++) {
            Controller.kill();
            stage.create(Pods.onNode(i, Pods.member("late-" + i, "e2e-restarts")));
            Controller.start();
            pods.addAll(stage.ready("late-" + i));
            Declared.all(pods, net).awaitExact();
        }
    }

    private static List<Integer> indexes(List<Pod> pods) {
        return Overlays.of(pods).stream()
                .map(overlay -> overlay.link(NETWORK))
                .map(Overlay.Link::index)
                .toList();
    }
}
