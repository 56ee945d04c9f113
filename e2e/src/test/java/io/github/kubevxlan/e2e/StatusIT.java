package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a pod's status tells, against what its kernel holds. */
class StatusIT {
    private static final String NETWORK = "e2e-status";
    private static final String LATER = "e2e-stat-later";

    @RegisterExtension
    static final Stage stage = Stage.named("status");

    @Test
    void tellsWhatThePodHasAndFollowsWhatChanges() {
        stage.define(NETWORK, "id=7900 mtu=1400");
        Pod pod = Pods.annotated(
                Pods.member("told", NETWORK + " name=vx7 ip=10.79.0.1/24;fd79::1/64\n" + LATER), "wait", "false");
        Pod running = stage.start(Pods.annotated(pod, "status", "[]")).getFirst();
        Status.await(running, List.of(ready(running, 1400), undefined(running)));
        assertEquals(
                stage.event("told", "NetworkUnavailable"), undefined(running).get("message"));

        stage.define(NETWORK, "id=7900 mtu=1300");
        Status.await(running, List.of(ready(running, 1300), undefined(running)));

        Networks.remove(NETWORK);
        stage.define(LATER, "7901");
        Status.awaitStates(running, Map.of(LATER, "Ready", NETWORK, "Unavailable"));
    }

    @Test
    void isTakenAwayWithTheLabel() {
        stage.define(NETWORK + "-2", "7902");
        Pod pod = stage.start(Pods.member("leaves", NETWORK + "-2")).getFirst();
        Await.until(
                "it has a status",
                () -> Status.of(stage.pod("leaves")).isEmpty() ? Optional.of("none") : Optional.empty());

        stage.unlabel("leaves");

        Status.await(pod, List.of());
    }

    private static Map<String, Object> undefined(Pod pod) {
        return Map.of(
                "name",
                LATER,
                "state",
                "Unavailable",
                "message",
                "network " + LATER + " is not defined",
                "uid",
                pod.getMetadata().getUid());
    }

    private static Map<String, Object> ready(Pod pod, int mtu) {
        return Map.of(
                "name",
                NETWORK,
                "interface",
                "vx7",
                "ips",
                List.of("10.79.0.1", "fd79::1"),
                "mac",
                Lab.inPod(pod, "cat /sys/class/net/vx7/address").strip(),
                "mtu",
                mtu,
                "vni",
                7900,
                "agent",
                Shell.exec(pod, Cluster.AGENT, "/vxlan/agent", "--version").strip(),
                "state",
                "Ready",
                "uid",
                pod.getMetadata().getUid());
    }
}
