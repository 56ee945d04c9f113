package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NotReadyTest {
    private Duration now = Duration.ofHours(7);
    private final NotReady notReady = new NotReady(() -> now);

    @Test
    void isZeroWhereAllAreReady() {
        notReady.check(Map.of("red", Set.of()));

        assertEquals(Map.of("red", Duration.ZERO), notReady.longest());
    }

    @Test
    void growsAsLongAsOneIsNotReady() {
        notReady.check(Map.of("red", Set.of("one")));
        pass(Duration.ofMinutes(4));
        notReady.check(Map.of("red", Set.of("one", "two")));
        pass(Duration.ofMinutes(2));

        assertEquals(Map.of("red", Duration.ofMinutes(6)), notReady.longest());
    }

    @Test
    void staysShortWhileSomeAreNeverReadyButNotTheSameForLong() {
        for (int i = 0; i < 100; i++) {
            notReady.check(Map.of("red", Set.of("pod" + i, "pod" + (i + 1))));
            pass(Duration.ofSeconds(5));
        }

        assertEquals(Map.of("red", Duration.ofSeconds(10)), notReady.longest());
    }

    @Test
    void beginsAnewAfterOneWasReady() {
        notReady.check(Map.of("red", Set.of("one")));
        pass(Duration.ofMinutes(4));
        notReady.check(Map.of("red", Set.of()));
        pass(Duration.ofMinutes(1));
        notReady.check(Map.of("red", Set.of("one")));

        assertEquals(Map.of("red", Duration.ZERO), notReady.longest());
    }

    @Test
    void countsEachNetworkOfAPodByItself() {
        notReady.check(Map.of("red", Set.of("one"), "blue", Set.of()));
        pass(Duration.ofMinutes(4));
        notReady.check(Map.of("red", Set.of("one"), "blue", Set.of("one")));
        pass(Duration.ofMinutes(1));

        assertEquals(Map.of("red", Duration.ofMinutes(5), "blue", Duration.ofMinutes(1)), notReady.longest());
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }
}
