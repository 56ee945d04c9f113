package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/** What members do with IPv6 router advertisements of a network (RFC 4861 section 4.2). Prints as users type it. */
public enum Advertisements {
    /** They are dropped: a member's routes and addresses come from the controller or from its own app. */
    IGNORE,
    /** They reach the kernel, which takes routes and addresses from them as its sysctls say. */
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
