package io.github.kubevxlan.e2e;

import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.AddressTurnover;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten addresses, always handed on in the same way; others by their seed: {@code make e2e IT=AddressTurnoverIT SEED=42}. */
@Alone("kills the controller that leads")
class AddressTurnoverIT {
    @RegisterExtension
    static final Stage stage = Stage.named("turnover");

    @AfterAll
    static void awaitControllers() {
        Controller.awaitReady();
    }

    @Test
    void addressesGoFromHandToHandWhileALeaderIsKilled() {
        AddressTurnover.play(stage, 8420, 5, 10, Long.getLong("e2e.seed", 1));
    }
}
