package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
    private static final int SEEDS = 100;

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "3, 4000", "6, 32000", "7, 60000", "8, 60000", "1000000, 60000"})
    void waitsAreDoubledUpToTheLongestAndSpreadOverTheirUpperHalf(int failures, long longest) {
        LongSummaryStatistics waits = waits(failures).stream().mapToLong(i -> i).summaryStatistics();

        assertTrue(waits.getMin() >= longest / 2, waits::toString);
        assertTrue(waits.getMax() <= longest, waits::toString);
        assertTrue(waits.getMin() < longest * 0.6, waits::toString);
        assertTrue(waits.getMax() > longest * 0.9, waits::toString);
    }

    @Test
    void thoseWhoFailedTogetherDoNotComeBackTogether() {
        List<Long> waits = waits(7);

        for (int tenth = 5; tenth < 10; tenth++) {
            long from = tenth * 6000L;
            long count = waits.stream()
                    .filter(wait -> wait >= from && wait < from + 6000)
                    .count();
            assertTrue(count >= 10 && count <= 30, count + " of " + SEEDS + " come back from " + from + " ms on");
        }
    }

    @Test
    void theSameChanceIsTheSameWait() {
        assertEquals(waits(3), waits(3));
    }

    private static List<Long> waits(int failures) {
        return IntStream.range(0, SEEDS)
                .mapToObj(seed ->
                        BACKOFF.after(failures, new Random(seed * 1_000_003L)).toMillis())
                .toList();
    }
}
