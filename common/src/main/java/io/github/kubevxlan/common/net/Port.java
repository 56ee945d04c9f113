package io.github.kubevxlan.common.net;

/**
 * A UDP port.
 *
 * @param value 1 to 65535
 */
public record Port(int value) implements Comparable<Port> {
    public static final String ALLOWED = "a UDP port, 1 to 65535";

    public Port {
        if (value < 1 || value > 65535) {
            throw new InvalidValueException(Integer.toString(value), ALLOWED);
        }
    }

    /** Parses a decimal port without sign; throws {@link InvalidValueException} for anything else. */
    public static Port parse(String text) {
        return new Port(Numbers.parse(text, 1, 65535, ALLOWED));
    }

    @Override
    public int compareTo(Port other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
