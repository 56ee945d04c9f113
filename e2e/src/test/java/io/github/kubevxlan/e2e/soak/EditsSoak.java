package io.github.kubevxlan.e2e.soak;

import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Edits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two hundred edits among forty members. */
class EditsSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("edits-soak");

    @Test
    void noneOfTwoHundredEditsCostsMembersOfOtherNetworksAPing() {
        Edits.play(stage, 8750, 40, 200, Long.getLong("e2e.seed", System.nanoTime()));
    }
}
