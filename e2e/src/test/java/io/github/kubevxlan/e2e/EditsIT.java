package io.github.kubevxlan.e2e;

import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Edits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Twenty edits, always the same; others by their seed: {@code make e2e IT=EditsIT SEED=42}. */
@Alone("deletes the whole ConfigMap")
class EditsIT {
    @RegisterExtension
    static final Stage stage = Stage.named("edits");

    @Test
    void noEditCostsMembersOfOtherNetworksAPing() {
        Edits.play(stage, 8700, 10, 20, Long.getLong("e2e.seed", 1));
    }
}
