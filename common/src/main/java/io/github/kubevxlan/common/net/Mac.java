package io.github.kubevxlan.common.net;

import java.util.regex.Pattern;

/**
 * An Ethernet address of 48 bits, as iproute2 prints it.
 *
 * @param value six pairs of lower-case hexadecimal digits with colons between
 */
public record Mac(String value) implements Comparable<Mac> {
    public static final String ALLOWED = "an Ethernet address, as 72:78:00:00:00:01";

    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    public Mac {
        if (!isOne(value)) {
            throw new InvalidValueException(value, ALLOWED);
        }
    }

    /** Tells whether a text is an Ethernet address: other kinds of devices have longer and shorter ones. */
    public static boolean isOne(String text) {
        return SHAPE.matcher(text).matches();
    }

    @Override
    public int compareTo(Mac other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
