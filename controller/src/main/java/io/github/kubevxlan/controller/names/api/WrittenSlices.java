package io.github.kubevxlan.controller.names.api;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.SliceChange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was written and the watch may not show yet. For use by one thread at a time. */
final class WrittenSlices {
    /** A watch that shows nothing for so long is not waited for: the API server refuses what comes from too old a state. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** When to look again. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private final Ticker ticker;
    private final Map<String, Write> writes = new HashMap<>();

    /**
     * One write.
     *
     * @param before the version that it replaced; empty for none
     * @param after the version that came of it; empty if it was deleted
     */
    private record Write(String before, String after, Duration at) {
        boolean isShown(String shown) {
            return after.isEmpty() ? !shown.equals(before) : !shown.isEmpty() && number(shown) >= number(after);
        }

        private static long number(String version) {
            return Long.parseLong(version);
        }
    }

    WrittenSlices(Ticker ticker) {
        this.ticker = ticker;
    }

    void add(SliceChange change, String after) {
        String before = switch (change) {
            case SliceChange.Create _ -> "";
            case SliceChange.Update update -> update.version();
            case SliceChange.Delete delete -> delete.version();
        };
        writes.put(change.slice().key(), new Write(before, after, ticker.elapsed()));
    }

    /** Whether the watch shows all that was written. */
    boolean areShown(List<ObservedSlice> shown) {
        Duration now = ticker.elapsed();
        Map<String, String> versions =
                shown.stream().collect(Collectors.toMap(one -> one.slice().key(), ObservedSlice::version));
        writes.entrySet()
                .removeIf(write -> write.getValue().isShown(versions.getOrDefault(write.getKey(), ""))
                        || now.minus(write.getValue().at()).compareTo(LONGEST) >= 0);
        return writes.isEmpty();
    }
}
