package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that a lab does to the packets that an interface sends, by the option of the same name: a number in the
 * notation of {@code tc}. Its text is that name.
 */
public enum Impairment {
    /** At most so many bits leave in a second; in thousands. */
    RATE,
    /** How long a packet waits, in microseconds. */
    DELAY,
    /** How much longer or shorter it may wait, in microseconds. */
    JITTER,
    /** Packets that are dropped; in thousandths of a percent, as all that follow. */
    LOSS,
    /** Packets that are sent twice. */
    DUPLICATE,
    /** Packets that are sent at once, before those that wait. */
    REORDER,
    /** Packets in which one bit is wrong. */
    CORRUPT;

    private static final int LEAST_KBIT = 8;
    private static final int MOST_KBIT = 10_000_000;
    private static final int STEP_MICROSECONDS = 10;
    private static final int MOST_MICROSECONDS = 10_000_000;
    private static final int THOUSANDTHS = 1_000;

    private static final Pattern RATE_TEXT = Pattern.compile("([0-9]{1,8})(kbit|mbit|gbit)");
    private static final Pattern TIME_TEXT = Pattern.compile("([0-9]{1,8})(us|ms|s)");
    private static final Pattern PERCENT_TEXT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3})?)%");

    /** Reads a value; throws {@link InvalidValueException} if the text is none. */
    int parse(String text) {
        return switch (this) {
            case RATE -> rate(text);
            case DELAY, JITTER -> time(text);
            case LOSS, DUPLICATE, REORDER, CORRUPT -> percent(text);
        };
    }

    /** Prints a value as it is read, in the largest unit that fits. */
    public String print(int value) {
        return switch (this) {
            case RATE -> inUnits(value, "kbit", "mbit", "gbit");
            case DELAY, JITTER -> inUnits(value, "us", "ms", "s");
            case LOSS, DUPLICATE, REORDER, CORRUPT ->
                BigDecimal.valueOf(value, 3).stripTrailingZeros().toPlainString() + "%";
        };
    }

    /** Prints option and value, as {@code delay=20ms}. */
    String text(int value) {
        return this + "=" + print(value);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static int rate(String text) {
        String allowed = "a rate with kbit, mbit or gbit, 8kbit to 10gbit, such as 10mbit";
        long kbit = number(RATE_TEXT, text, "kbit", allowed);
        if (kbit < LEAST_KBIT || kbit > MOST_KBIT) {
            throw new InvalidValueException(text, allowed);
        }
        return (int) kbit;
    }

    /** In steps that the kernel's clock, of 64 ns, and tc's report, of six digits, leave apart. */
    private static int time(String text) {
        String allowed = "a time with us, ms or s, in steps of 10us up to 10s, such as 20ms";
        long microseconds = number(TIME_TEXT, text, "us", allowed);
        if (microseconds > MOST_MICROSECONDS || microseconds % STEP_MICROSECONDS != 0) {
            throw new InvalidValueException(text, allowed);
        }
        return (int) microseconds;
    }

    private static long number(Pattern pattern, String text, String smallest, String allowed) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException(text, allowed);
        }
        String unit = matcher.group(2);
        long factor = unit.equals(smallest) ? 1 : unit.startsWith("m") ? 1_000 : 1_000_000;
        return Long.parseLong(matcher.group(1)) * factor;
    }

    private static int percent(String text) {
        String allowed = "a percentage with at most three decimals, 0% to 100%, such as 0.5%";
        Matcher matcher = PERCENT_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException(text, allowed);
        }
        int thousandths = new BigDecimal(matcher.group(1)).movePointRight(3).intValueExact();
        if (thousandths > 100 * THOUSANDTHS) {
            throw new InvalidValueException(text, allowed);
        }
        return thousandths;
    }

    private static String inUnits(int value, String small, String medium, String large) {
        if (value == 0 || value % 1_000 != 0) {
            return value + small;
        }
        return value % 1_000_000 == 0 ? value / 1_000_000 + large : value / 1_000 + medium;
    }
}
