package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What members do with router advertisements and redirects of a network (RFC 4861 sections 4.2 and 4.5, RFC 792). Its text is
 * what users type.
 */
public enum Advertisements {
    /** Members drop them: their routes and addresses come from the controller or from their own apps. */
    IGNORE,
    /** They reach the kernel, whose sysctls decide which routes and addresses it takes from them. */
    ACCEPT;

    /** Parses {@code ignore} or {@code accept}; throws {@link InvalidValueException} for anything else. */
    static Advertisements parse(String text) {
        return Stream.of(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(text, "ignore or accept"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
