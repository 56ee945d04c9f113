package io.github.kubevxlan.e2e.soak;

import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.KubeletOutage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Long enough for Kubernetes to give the node up: its pods are no longer ready then. */
class KubeletSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("kubelet-soak");

    @Test
    void aKubeletThatIsDeadForAMinuteDelaysNobodyElseAndItsPodsAreRightAfterItIsBack() {
        KubeletOutage.play(stage, 8121, Duration.ofSeconds(60));
    }
}
