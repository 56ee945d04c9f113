package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an address is kept for a name that is away: the value of the option {@code keep}.
 *
 * @param text as it is written
 * @param duration its length, up to a year
 */
public record KeepTime(String text, Duration duration) {
    private static final String ALLOWED = "0, or a number with s, m, h or d behind it, up to 365d, such as 30m";
    private static final Pattern SHAPE = Pattern.compile("(0|[1-9][0-9]{0,7})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Parses {@code 0} or a number with its unit; throws {@link InvalidValueException} for anything else. */
    static KeepTime parse(String text) {
        if (text.equals("0")) {
            return new KeepTime(text, Duration.ZERO);
        }
        Matcher matcher = SHAPE.matcher(text);
        OptionTexts.require(matcher.matches(), text, ALLOWED);
        long number = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        OptionTexts.require(duration.compareTo(LONGEST) <= 0, text, ALLOWED);
        return new KeepTime(text, duration);
    }

    @Override
    public String toString() {
        return text;
    }
}
