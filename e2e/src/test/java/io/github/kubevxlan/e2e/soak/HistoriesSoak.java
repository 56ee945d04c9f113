package io.github.kubevxlan.e2e.soak;

import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.History;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Twenty random histories; the first seed is a new one each time unless given: {@code SEED=42}. */
class HistoriesSoak {
    private static final int HISTORIES = 20;

    @RegisterExtension
    static final Stage stage = Stage.named("histories-soak");

    @Test
    void atRestTheKernelsHoldWhatIsDeclaredTwentyTimes() {
        long first = Long.getLong("e2e.seed", ThreadLocalRandom.current().nextLong(1_000_000));
        try (Release _ = Release.with("--set=controller.names.enabled=true")) {
            for (long seed = first; seed < first + HISTORIES; seed++) {
                History.play(stage, seed, 12, 8300);
            }
        }
    }
}
