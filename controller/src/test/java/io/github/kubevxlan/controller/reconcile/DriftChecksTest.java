package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftChecksTest {
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int PODS = 100;

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final DriftChecks checks = new DriftChecks(time, new Random(1), PERIOD);
    private final List<String> pods =
            IntStream.range(0, PODS).mapToObj(i -> "pod-" + i).toList();

    @Test
    void podsThatWereComparedTogetherAreNotComparedTogetherAgain() {
        pods.forEach(checks::done);
        time.pass(PERIOD.dividedBy(2).minusMillis(1));
        assertEquals(List.of(), checks.due(), "before half of the period");

        int before = 0;
        for (int minute = 5; minute < 10; minute++) {
            time.pass(MINUTE);
            int now = checks.due().size() - before;
            before += now;
            int from = minute;
            assertTrue(now >= 10 && now <= 30, () -> now + " of " + PODS + " are due from minute " + from + " on");
        }
        time.pass(MINUTE);
        assertEquals(PODS, checks.due().size(), "after the period");
    }

    @Test
    void onePodIsNotDueAtTheSameTimeInEachPeriod() {
        long distinct = IntStream.range(0, PODS)
                .mapToObj(_ -> {
                    checks.done("pod");
                    int seconds = 0;
                    for (; !checks.isDue("pod"); seconds++) {
                        time.pass(Duration.ofSeconds(1));
                    }
                    return seconds;
                })
                .distinct()
                .count();

        assertTrue(distinct > PODS / 2, () -> distinct + " different periods of " + PODS);
    }

    @Test
    void aPodThatIsMarkedDueStaysDueUntilItWasCompared() {
        checks.done("pod");
        checks.markDue("pod");
        assertTrue(checks.isDue("pod"));

        checks.done("pod");

        assertFalse(checks.isDue("pod"));
    }
}
