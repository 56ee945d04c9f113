package io.github.kubevxlan.common.net;

import java.util.Locale;
import java.util.stream.Stream;

/** An address family. Its text is what users type. */
public enum Family {
    IPV4,
    IPV6;

    /** Parses {@code ipv4} or {@code ipv6}; throws {@link InvalidValueException} for anything else. */
    public static Family parse(String text) {
        return Stream.of(values())
                .filter(family -> family.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(text, "ipv4 or ipv6"));
    }

    /** As in a sentence. */
    public String word() {
        return this == IPV6 ? "IPv6" : "IPv4";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
