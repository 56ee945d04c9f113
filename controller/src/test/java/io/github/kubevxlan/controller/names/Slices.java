package io.github.kubevxlan.controller.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Slices as an API server keeps them: it refuses a name that is taken, an old version, and a slice that is too big. */
public final class Slices {
    private final Map<String, ObservedSlice> slices = new TreeMap<>();
    private int version;

    /** Does a change; gives the version that came of it, empty if the slice is gone. */
    public String apply(SliceChange change) {
        Slice slice = change.slice();
        assertTrue(slice.endpoints().size() <= Slice.MOST, "at most 100");
        return switch (change) {
            case SliceChange.Create _ -> {
                assertNull(slices.get(slice.key()), "the name is taken");
                yield put(slice);
            }
            case SliceChange.Update update -> {
                assertEquals(version(slice), update.version());
                yield put(slice);
            }
            case SliceChange.Delete delete -> {
                assertEquals(version(slice), delete.version());
                slices.remove(slice.key());
                yield "";
            }
        };
    }

    private String version(Slice slice) {
        return Optional.ofNullable(slices.get(slice.key()))
                .map(ObservedSlice::version)
                .orElse("none");
    }

    private String put(Slice slice) {
        String now = Integer.toString(++version);
        slices.put(slice.key(), new ObservedSlice(slice, now));
        return now;
    }

    public List<ObservedSlice> observed() {
        return new ArrayList<>(slices.values());
    }

    /** The addresses by hostname; throws if one of these has two. */
    public static Map<String, String> hosts(List<Slice> slices) {
        return slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .collect(Collectors.toMap(Endpoint::hostname, Endpoint::address));
    }
}
