package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories, of the same seeds each time. {@code -Dhistories.count=N} lives through so many others,
 * {@code -Dhistories.seed=N} replays one and tells what happens in it.
 */
class HistoriesTest {
    private static final int COUNT = 2_000;
    private static final LongAdder SLICES = new LongAdder();
    private static final LongAdder RETURNED = new LongAdder();

    @Test
    void everyHistoryEndsWithWhatIsDeclared() {
        Long seed = Long.getLong("histories.seed");
        if (seed != null) {
            live(seed, System.out::println);
            return;
        }
        Integer others = Integer.getInteger("histories.count");
        long first = others == null ? 1 : System.nanoTime();
        int count = others == null ? COUNT : others;
        System.out.println(count + " histories from seed " + first);
        long given = LongStream.range(first, first + count)
                .parallel()
                .mapToInt(next -> live(next, _ -> {}))
                .sum();
        System.out.println(given + " addresses of subnets were given in them");
        assertTrue(given > count / 2, "addresses were given");
        System.out.println(SLICES + " EndpointSlices were written in them");
        assertTrue(SLICES.sum() > count / 4, "names were published");
        System.out.println(RETURNED + " pods returned to addresses that were kept in them");
        assertTrue(RETURNED.sum() > count / 20, "pods returned to addresses that were kept");
    }

    private static int live(long seed, Consumer<String> trace) {
        try {
            History history = new History(seed, trace);
            int given = history.run();
            SLICES.add(history.slicesWritten());
            RETURNED.add(history.returned());
            return given;
        } catch (AssertionError | RuntimeException e) {
            String told = FailedHistory.print(HistoriesTest.class, seed, e);
            replay(seed);
            return fail(told, e);
        }
    }

    /** At once, as another JVM orders sets in another way, and may not see it again. */
    private static void replay(long seed) {
        try {
            new History(seed, System.out::println).run();
        } catch (AssertionError | RuntimeException e) {
            System.out.println("as before: " + e.getMessage());
        }
    }
}
