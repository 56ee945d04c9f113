package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Locale;
import java.util.stream.Stream;

/** How members of a network know where to send a frame. Its text is what users type. */
public enum Forwarding {
    /** The controller writes permanent entries for the MAC and the known addresses of every other member. */
    STATIC,
    /** They learn: frames to unknown MACs, and ARP, go to every member (RFC 7348 section 4.2). */
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
