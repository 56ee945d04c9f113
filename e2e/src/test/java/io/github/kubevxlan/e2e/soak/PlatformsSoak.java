package io.github.kubevxlan.e2e.soak;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart in a namespace of its own, with its defaults and with the values of each platform. */
@Alone("installs anew with other values")
class PlatformsSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("platforms");

    private static Release before;

    @BeforeAll
    static void makeRoom() {
        before = Release.installed();
        Release.uninstall();
    }

    @AfterAll
    static void installAgain() {
        before.rollBack();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "values.yaml",
                "values-ha.yaml",
                "values-openshift.yaml",
                "values-eks-own-cni.yaml",
                "values-gke-private.yaml",
                "values-gke-autopilot.yaml"
            })
    void comesUpInANamespaceOfItsOwnAndPodsBecomeMembers(String values) {
        try (Release.Elsewhere _ = Release.in("e2e-platform", "--values=charts/kube-vxlan-controller/" + values)) {
            Release.awaitInjection(Cluster.PREFIX);
            List<Pod> pods = stage.start(
                    Pods.onNode(0, Pods.member("one", "vxeth0 ip=10.98.79.1/24")),
                    Pods.onNode(1, Pods.member("two", "vxeth0 ip=10.98.79.2/24")));
            Await.until("one reaches two", () -> {
                Shell.inApp(pods.getFirst(), "ping -c 1 -W 1 10.98.79.2");
                return Optional.empty();
            });
            stage.clear();
        }
    }
}
