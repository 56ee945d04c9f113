package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories of measured paths, of the same seeds each time. {@code -Dhistories.seed=N} replays one and tells what
 * happens in it.
 */
class PathHistoriesTest {
    private static final int COUNT = 120;

    @Test
    void everyHistoryEndsWithWhatTheUnderlayIs() {
        Long seed = Long.getLong("histories.seed");
        if (seed != null) {
            live(seed, System.out::println);
            return;
        }
        long broken = LongStream.rangeClosed(1, COUNT)
                .parallel()
                .mapToInt(next -> live(next, _ -> {}))
                .sum();
        assertTrue(broken > COUNT, () -> "only " + broken + " paths were broken");
    }

    /** A failure is printed at once: a parallel stream throws that of another thread anew, without its words. */
    private static int live(long seed, Consumer<String> trace) {
        try {
            return new PathHistory(seed, trace).run();
        } catch (AssertionError | RuntimeException e) {
            String told = "history " + seed + " (to see it: mvn verify -pl controller -am -Dtest=PathHistoriesTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dhistories.seed=" + seed + "): " + e;
            System.out.println(told);
            return fail(told, e);
        }
    }
}
