package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/** How members of a network learn where a frame goes. Prints as users type it. */
public enum Forwarding {
    /** They are told: a permanent entry for the MAC and, as far as is known, the addresses of every other member. */
    STATIC,
    /** They find out: frames to unknown MACs, and ARP, go to every member (RFC 7348 section 4.2). */
    FLOOD;

    /** Parses {@code static} or {@code flood}; throws {@link InvalidValueException} for anything else. */
    static Forwarding parse(String text) {
        return Stream.of(values())
                .filter(forwarding -> forwarding.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(text, "static or flood"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
