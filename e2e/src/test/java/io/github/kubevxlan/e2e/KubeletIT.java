package io.github.kubevxlan.e2e;

import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.KubeletOutage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("kills a kubelet")
class KubeletIT {
    @RegisterExtension
    static final Stage stage = Stage.named("kubelet");

    @Test
    void aDeadKubeletDelaysNobodyElseAndItsPodsAreRightAfterItIsBack() {
        KubeletOutage.play(stage, 8120, Duration.ofSeconds(15));
    }
}
