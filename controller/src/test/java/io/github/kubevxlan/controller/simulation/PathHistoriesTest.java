package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.kubevxlan.controller.simulation.PathHistory.Seen;
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
        Seen seen = LongStream.rangeClosed(1, COUNT)
                .parallel()
                .mapToObj(next -> live(next, _ -> {}))
                .reduce(Seen.NOTHING, Seen::plus);
        System.out.println(seen);
        assertTrue(seen.broken() > COUNT, seen::toString);
        assertTrue(seen.edited() > COUNT / 10, seen::toString);
        assertTrue(seen.joined() > COUNT / 10, seen::toString);
    }

    private static Seen live(long seed, Consumer<String> trace) {
        try {
            return new PathHistory(seed, trace).run();
        } catch (AssertionError | RuntimeException e) {
            return fail(FailedHistory.print(PathHistoriesTest.class, seed, e), e);
        }
    }
}
