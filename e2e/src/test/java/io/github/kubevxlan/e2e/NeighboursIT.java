package io.github.kubevxlan.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of how many members the others are told the addresses. */
@Alone("has the controllers tell of two only for a while")
class NeighboursIT {
    @RegisterExtension
    static final Stage stage = Stage.named("neighbours");

    @AfterAll
    static void tellOfManyAgain() {
        Controller.setNeighbours(256);
    }

    @Test
    void pastTheBoundMembersAskForEachOther() {
        stage.define("e2e-bound", "8145");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("one", "e2e-bound ip=10.84.3.1/24")),
                Pods.onNode(1, Pods.member("two", "e2e-bound ip=10.84.3.2/24")),
                Pods.onNode(1, Pods.member("three", "e2e-bound ip=10.84.3.3/24")));
        Declared all = Declared.nothing()
                .and(pods.get(0), Net.of("e2e-bound", 8145, "10.84.3.1/24"))
                .and(pods.get(1), Net.of("e2e-bound", 8145, "10.84.3.2/24"))
                .and(pods.get(2), Net.of("e2e-bound", 8145, "10.84.3.3/24"));
        all.awaitExact();

        Controller.setNeighbours(2);
        all.awaitExact();
        pods.forEach(pod -> Overlays.ping(pod, "10.84.3.1", "10.84.3.2", "10.84.3.3"));
    }
}
