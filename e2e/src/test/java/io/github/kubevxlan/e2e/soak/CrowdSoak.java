package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.LiveHeap;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Crowd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Five thousand members, a thousand to a network, on a node that is lost, and the memory that the chart gives. */
class CrowdSoak {
    private static final int NETWORKS = 5;
    private static final int MEMBERS = 1_000;
    private static final int FIRST_VNI = 8_500;

    @RegisterExtension
    static final Stage stage = Stage.named("crowd");

    @Test
    void membersOfALargeClusterAreServedAndAControllerStartsAmongThem() {
        List<String> networks =
                IntStream.range(0, NETWORKS).mapToObj(i -> "e2e-crowd" + i).toList();
        networks.forEach(network -> stage.define(network, String.valueOf(FIRST_VNI + networks.indexOf(network))));
        String network = networks.getFirst();
        try (Crowd crowd = Crowd.gather(stage, networks, MEMBERS)) {
            List<Pod> served =
                    new ArrayList<>(stage.start(Pods.member("first", network), Pods.member("second", network)));
            awaitExact(crowd, network, served);
            show("one that saw them come", crowd);

            Controller.kill();
            Controller.start();
            served.addAll(stage.start(Pods.member("third", network)));
            awaitExact(crowd, network, served);
            Overlays.pingEachOther(network, served);
            show("one that started among them", crowd);
            Controller.listed().forEach(pod -> assertEquals(0, Controller.restarts(pod), "restarts of " + pod));
        }
    }

    private static void awaitExact(Crowd crowd, String network, List<Pod> served) {
        for (Pod pod : served) {
            List<String> wanted = Stream.concat(
                            crowd.addresses(network).stream(),
                            served.stream().filter(peer -> !peer.equals(pod)).map(Pods::ip))
                    .sorted()
                    .toList();
            Await.until("the entries of " + pod.getMetadata().getName(), () -> {
                List<String> seen =
                        Overlays.of(pod).floods(network).stream().sorted().toList();
                return seen.equals(wanted)
                        ? Optional.empty()
                        : Optional.of("%d of %d".formatted(seen.size(), wanted.size()));
            });
        }
    }

    private static void show(String which, Crowd crowd) {
        for (Pod pod : Controller.listed()) {
            String role = pod.getMetadata().getName().equals(Controller.leader()) ? "leads" : "waits";
            System.out.printf(
                    "%s, %d members, and %s: %.1f MB of heap needed%n",
                    which, crowd.size(), role, LiveHeap.of(pod).bytes() / 1e6);
        }
    }
}
