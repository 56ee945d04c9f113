package io.github.kubevxlan.e2e.soak;

import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.AddressTurnover;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two hundred addresses. */
class AddressesSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("turnover-soak");

    @AfterAll
    static void awaitControllers() {
        Controller.awaitReady();
    }

    @Test
    void twoHundredAddressesGoFromHandToHandWhileLeadersAreKilled() {
        AddressTurnover.play(stage, 8421, 12, 200, Long.getLong("e2e.seed", System.nanoTime()));
    }
}
