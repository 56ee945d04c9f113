package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What members of a network do with packets that their sender must not send: with another MAC or address than its own
 * (port security). Its text is what users type.
 */
public enum Security {
    /** Members do not look. */
    OFF,
    /** They count such packets and take them. */
    LOG,
    /** They count such packets and drop them. */
    ON;

    /** Parses {@code off}, {@code log} or {@code on}; throws {@link InvalidValueException} for anything else. */
    static Security parse(String text) {
        return Stream.of(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(text, "off, log or on"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
