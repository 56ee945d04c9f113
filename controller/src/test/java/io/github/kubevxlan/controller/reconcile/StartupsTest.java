package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.pod.PodRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartupsTest {
    private final List<String> measured = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private final Startups startups = new Startups(() -> now, new Meter() {
        @Override
        public void reconciled(Outcome outcome, Duration took) {}

        @Override
        public void retry() {}

        @Override
        public void complete(Duration sinceAgentRan) {
            measured.add("complete " + sinceAgentRan.toSeconds());
        }

        @Override
        public void ready(Duration sinceAgentRan) {
            measured.add("ready " + sinceAgentRan.toSeconds());
        }

        @Override
        public void changed(PodRef pod, List<Change> changes) {}
    });

    @Test
    void aPodIsMeasuredFromItsAgentsFirstRunOnce() {
        startups.running("a");
        now = Duration.ofSeconds(2);
        startups.running("a");
        startups.complete("a");
        now = Duration.ofSeconds(5);
        startups.ready("a");
        startups.running("a");
        now = Duration.ofHours(1);
        startups.complete("a");
        startups.ready("a");

        assertEquals(List.of("complete 2", "ready 5"), measured);
    }

    @Test
    void aPodThatRanBeforeIsNotMeasured() {
        startups.ranBefore("a");
        now = Duration.ofMinutes(3);
        startups.running("a");
        startups.complete("a");
        startups.ready("a");
        startups.complete("never seen");

        assertEquals(List.of(), measured);
    }

    @Test
    void aPodThatWasForgottenIsAnotherOne() {
        startups.ranBefore("a");
        startups.forget("a");
        startups.running("a");
        now = Duration.ofSeconds(1);
        startups.ready("a");

        assertEquals(List.of("ready 1"), measured);
    }
}
