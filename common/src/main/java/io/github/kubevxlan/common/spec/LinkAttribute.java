package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Numbers;
import java.util.Locale;

/**
 * An attribute of a VXLAN link that the option of the same name sets, as a number: by rtnetlink {@code IFLA_VXLAN_TTL},
 * {@code _TOS}, {@code _LEARNING} and {@code _UDP_CSUM}, and {@code IFLA_TXQLEN}. Its text is that name.
 */
public enum LinkAttribute {
    /** The hop limit of VXLAN packets; 0 for the underlay's own, 64 as a rule. */
    TTL(0),
    /** The TOS byte or traffic class of VXLAN packets; 1 for that of the packet inside. */
    TOS(0),
    /** Whether the link learns from incoming packets behind which VTEP a MAC is, 1 or 0. */
    LEARNING(1),
    /** Whether VXLAN packets over IPv4 have a UDP checksum, 1 or 0. */
    CHECKSUM(1),
    /** How many packets a queue of the link holds. */
    TXQUEUELEN(1000);

    private final int kernelDefault;

    LinkAttribute(int kernelDefault) {
        this.kernelDefault = kernelDefault;
    }

    /** What a link has for which nothing is set. */
    public int kernelDefault() {
        return kernelDefault;
    }

    /** Whether it is true or false, 1 or 0. */
    public boolean isFlag() {
        return switch (this) {
            case LEARNING, CHECKSUM -> true;
            case TTL, TOS, TXQUEUELEN -> false;
        };
    }

    /** Whether it can be changed on a link that is there. */
    public boolean isChangeable() {
        return switch (this) {
            case TTL, TOS, LEARNING, TXQUEUELEN -> true;
            case CHECKSUM -> false;
        };
    }

    /** Reads a value; throws {@link InvalidValueException} if the text is none. */
    int parse(String text) {
        return switch (this) {
            case TTL -> Numbers.parse(text, 1, 255, "a TTL, 1 to 255");
            case TOS -> tos(text);
            case LEARNING, CHECKSUM -> OptionTexts.bool(text) ? 1 : 0;
            case TXQUEUELEN -> Numbers.parse(text, 0, 1_000_000, "packets, 0 to 1000000");
        };
    }

    /** Prints a value as it is read. */
    String print(int value) {
        return switch (this) {
            case TTL, TXQUEUELEN -> String.valueOf(value);
            case TOS -> value == 1 ? "inherit" : String.valueOf(value);
            case LEARNING, CHECKSUM -> String.valueOf(value == 1);
        };
    }

    /** Prints option and value, as {@code ttl=9}. */
    public String text(int value) {
        return this + "=" + print(value);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static int tos(String text) {
        if (text.equals("inherit")) {
            return 1;
        }
        String allowed = "inherit, or a TOS byte without its two ECN bits (RFC 3168): 0 to 252 in steps of 4";
        int tos = Numbers.parse(text, 0, 252, allowed);
        if (tos % 4 != 0) {
            throw new InvalidValueException(text, allowed);
        }
        return tos;
    }
}
