package io.github.kubevxlan.common.net;

/**
 * A VXLAN network identifier, 24 bits (RFC 7348 section 5); 0 is left out, as the kernel's tools treat it as unset.
 *
 * @param value 1 to 16777215
 */
public record Vni(int value) implements Comparable<Vni> {
    public static final int MAX = (1 << 24) - 1;
    public static final String ALLOWED = "a VNI, 1 to " + MAX;

    public Vni {
        if (value < 1 || value > MAX) {
            throw new InvalidValueException(Integer.toString(value), ALLOWED);
        }
    }

    /** Parses a decimal VNI without sign; throws {@link InvalidValueException} for anything else. */
    public static Vni parse(String text) {
        return new Vni(Numbers.parse(text, 1, MAX, ALLOWED));
    }

    @Override
    public int compareTo(Vni other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
