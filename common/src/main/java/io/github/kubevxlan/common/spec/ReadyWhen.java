package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/** When a pod's readiness gate turns true for the first time. Its text is what users type. */
public enum ReadyWhen {
    /** Every peer that can be reached has the pod in its tables. */
    TABLES,
    /** And some of them answered the pod through the segment, at its full MTU. */
    PROBED;

    /** Parses {@code tables} or {@code probed}; throws {@link InvalidValueException} for anything else. */
    static ReadyWhen parse(String text) {
        return Stream.of(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(text, "tables or probed"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
