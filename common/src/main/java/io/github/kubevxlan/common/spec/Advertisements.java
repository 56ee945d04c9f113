package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/** What members do with IPv6 router advertisements of a network (RFC 4861 section 4.2). Its text is what users type. */
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
