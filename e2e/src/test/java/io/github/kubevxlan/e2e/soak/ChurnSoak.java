package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Churn;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pod is made or deleted each second for ten minutes; what runs for the first time has done so after a quarter. */
class ChurnSoak {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int STEPS = 600;
    private static final int MOST = 40;

    @RegisterExtension
    static final Stage stage = Stage.named("churn-soak");

    @Test
    void tenMinutesOfChurnAreForgottenWhenTheyAreOver() {
        Churn churn = Churn.begin(stage, 8400, MOST);
        String leader = Controller.leader();
        churn.play(STEPS / 4, SECOND);
        Map<String, Footprint> early = churn.rest();
        System.out.printf("%s; taken: %s%n", churn.summary(), early);
        churn.play(STEPS - STEPS / 4, SECOND);
        Map<String, Footprint> late = churn.rest();
        Ping.Count ping = churn.end();
        System.out.printf("%s; taken: %s%nping between two that stay: %s%n", churn.summary(), late, ping);

        assertEquals(leader, Controller.leader());
        assertEquals(early.keySet(), late.keySet(), "the processes");
        early.forEach((pod, before) ->
                assertEquals(Optional.empty(), late.getOrDefault(pod, before).growthSince(before), pod));
        assertEquals(ping.sent(), ping.received(), "answers to the ping");
    }
}
