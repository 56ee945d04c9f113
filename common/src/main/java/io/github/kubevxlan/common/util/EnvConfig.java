package io.github.kubevxlan.common.util;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads typed settings from the environment. Every mistake is collected, so that a user sees all of them at once:
 * read everything, then call {@link #check()}. A variable of our prefix that nobody read is a mistake too.
 */
public final class EnvConfig {
    /** Every setting's name begins with this. */
    public static final String PREFIX = "KUBEVXLAN_";

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private final Map<String, String> env;
    private final Set<String> read = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    public EnvConfig(Map<String, String> env) {
        this.env = Map.copyOf(env);
    }

    /** A text that must be there; an empty text and a problem if it isn't. */
    public String required(String name) {
        String value = text(name, "");
        if (value.isEmpty()) {
            problems.add(PREFIX + name + ": is required");
        }
        return value;
    }

    /** A text, or its default where it is unset or empty. */
    public String text(String name, String byDefault) {
        read.add(PREFIX + name);
        String value = env.getOrDefault(PREFIX + name, "");
        return value.isEmpty() ? byDefault : value;
    }

    /** A value that {@code parse} makes of the text; its IllegalArgumentException becomes a problem. */
    public <T> T value(String name, T byDefault, Function<String, T> parse) {
        String text = text(name, byDefault.toString());
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            problems.add(PREFIX + name + ": " + e.getMessage());
            return byDefault;
        }
    }

    /** One of the named values. */
    public String choice(String name, String byDefault, String... allowed) {
        return value(name, byDefault, text -> {
            if (!List.of(allowed).contains(text)) {
                throw new IllegalArgumentException("found \"" + text + "\", allowed: " + String.join(", ", allowed));
            }
            return text;
        });
    }

    /** A whole number within a range, both ends included. */
    public int integer(String name, int byDefault, int least, int most) {
        return value(name, byDefault, text -> {
            if (text.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new IllegalArgumentException(
                    "found \"" + text + "\", allowed: a whole number, " + least + " to " + most);
        });
    }

    /** A duration as {@code 500ms}, {@code 30s}, {@code 5m} or {@code 1h} within a range, both ends included. */
    public Duration duration(String name, Duration byDefault, Duration least, Duration most) {
        String text = text(name, print(byDefault));
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        problems.add(PREFIX + name + ": found \"" + text + "\", allowed: a duration such as 500ms, 30s, 5m, 1h, from "
                + print(least) + " to " + print(most));
        return byDefault;
    }

    /** Ends the reading: throws {@link ConfigException} with every problem found, unknown names included. */
    public void check() {
        env.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !read.contains(name))
                .sorted()
                .forEach(name -> problems.add(name + ": is not a setting; known: " + String.join(", ", read)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static String print(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        return duration.toSeconds() % 60 == 0 && millis > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }
}
