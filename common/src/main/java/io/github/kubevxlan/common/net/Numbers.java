package io.github.kubevxlan.common.net;

/** Strict decimal parsing: ASCII digits alone, so no sign, no blanks, no other script's digits. */
public final class Numbers {
    private static final int MAX_DIGITS = 10;

    private Numbers() {}

    /**
     * Parses a decimal number of at most {@value #MAX_DIGITS} digits within a range, both ends included.
     *
     * @param allowed what the exception says is allowed
     * @throws InvalidValueException for anything else
     */
    public static int parse(String text, int least, int most, String allowed) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidValueException(text, allowed);
        }
        long value = Long.parseLong(text);
        if (value < least || value > most) {
            throw new InvalidValueException(text, allowed);
        }
        return (int) value;
    }
}
