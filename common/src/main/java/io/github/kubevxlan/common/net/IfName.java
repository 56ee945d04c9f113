package io.github.kubevxlan.common.net;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network interface name that is safe in every place it is put: narrower than what the kernel accepts
 * (dev_valid_name() takes quotes, {@code #} and {@code ;}), at most 15 characters (IFNAMSIZ).
 *
 * @param value the name
 */
public record IfName(String value) implements Comparable<IfName> {
    public static final String ALLOWED =
            "an interface name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter or digit, not lo, all, default";

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");
    private static final Set<String> RESERVED = Set.of("lo", "all", "default");

    public IfName {
        if (!isOne(value)) {
            throw new InvalidValueException(value, ALLOWED);
        }
    }

    /** Tells whether it may be one. */
    public static boolean isOne(String value) {
        return SHAPE.matcher(value).matches() && !RESERVED.contains(value);
    }

    @Override
    public int compareTo(IfName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
