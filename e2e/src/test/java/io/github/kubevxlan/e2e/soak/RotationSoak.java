package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Rotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RotationSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("rotation");

    @Test
    void noPodIsRefusedWhileCertificatesThatLiveForAMinuteRotate() {
        Rotation rotation = new Rotation("60s", "120s", "10s", Duration.ofMinutes(5));
        Release shortLived = rotation.install();
        List<String> failures = new ArrayList<>();
        try {
            Rotation.Seen seen = rotation.play(stage);
            System.out.println(seen);
            failures.addAll(seen.failures());
            failures.addAll(seen.leaks());
        } finally {
            failures.addAll(Rotation.giveBack(shortLived, stage));
        }
        assertEquals(List.of(), failures);
    }
}
