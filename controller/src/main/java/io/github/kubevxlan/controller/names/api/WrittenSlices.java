package io.github.kubevxlan.controller.names.api;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.SliceChange;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was written and the watch may not show yet. */
final class WrittenSlices {
    /** After so long the watch is believed, whatever it shows. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    private final Ticker ticker;
    private final Map<String, Write> writes = new HashMap<>();

    /**
     * One write.
     *
     * @param after the version that came of it; empty if the slice was deleted
     */
    private record Write(SliceChange change, String after, Duration at) {
        /** Whether the watch shows this state or a later one. That a slice is not there may be an earlier one, too. */
        boolean isShown(@Nullable ObservedSlice shown) {
            if (shown == null) {
                return false;
            }
            return change instanceof SliceChange.Delete deletion
                    ? number(shown.version()) > number(deletion.version())
                    : number(shown.version()) >= number(after);
        }

        private static long number(String version) {
            return Long.parseLong(version);
        }
    }

    WrittenSlices(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Takes a change that the API server took, and the version that came of it. */
    synchronized void add(SliceChange change, String after) {
        writes.put(change.slice().key(), new Write(change, after, ticker.elapsed()));
    }

    /** Forgets what was written to a slice before a change that the API server refused: somebody else may have changed it. */
    synchronized void forget(SliceChange change) {
        writes.remove(change.slice().key());
    }

    /** The slices as they are: as the watch shows them, but for what was written since. */
    synchronized List<ObservedSlice> over(List<ObservedSlice> shown) {
        Map<String, ObservedSlice> slices = new LinkedHashMap<>();
        shown.forEach(one -> slices.put(one.slice().key(), one));
        writes.entrySet()
                .removeIf(write -> isOld(write.getValue()) || write.getValue().isShown(slices.get(write.getKey())));
        writes.forEach((key, write) -> {
            if (write.change() instanceof SliceChange.Delete) {
                slices.remove(key);
            } else {
                slices.put(key, new ObservedSlice(write.change().slice(), write.after()));
            }
        });
        return List.copyOf(slices.values());
    }

    /** How long it takes until the watch is believed about the next slice; empty if it shows all. */
    synchronized Optional<Duration> next() {
        return writes.values().stream()
                .map(write -> write.at().plus(LONGEST).minus(ticker.elapsed()))
                .min(Duration::compareTo);
    }

    private boolean isOld(Write write) {
        return ticker.elapsed().minus(write.at()).compareTo(LONGEST) >= 0;
    }
}
