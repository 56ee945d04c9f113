package io.github.kubevxlan.common.net;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text is not a valid value: what was found and what is allowed. The message is fit for a user. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 64;

    /** Control, format and unassigned characters, blanks other than U+0020, and what Unicode has fonts draw as nothing. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}&&[^ ]]|[\\u034F\\u115F\\u1160\\u17B4\\u17B5"
            + "\\u180B-\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0\\x{E0100}-\\x{E01EF}]");

    private final String found;
    private final String allowed;

    /** Takes the offending text, cut to {@value #SHOWN} characters, and a noun phrase that says what is allowed. */
    public InvalidValueException(String found, String allowed) {
        super("found \"" + shown(found) + "\", allowed: " + allowed);
        this.found = found;
        this.allowed = allowed;
    }

    /** The offending text as it came; {@link #shown} makes it fit for a message. */
    public String found() {
        return found;
    }

    /** What is allowed in its place, a noun phrase. */
    public String allowed() {
        return allowed;
    }

    /**
     * Makes untrusted text fit for a message: at most {@value #SHOWN} characters, then an ellipsis. An invisible
     * character, as a no-break space or one that turns the direction of the text, becomes its code point: {@code
     * <U+00A0>}.
     */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            String next = Character.toString(text.codePointAt(i));
            String visible = INVISIBLE.matcher(next).matches() ? "<U+%04X>".formatted(next.codePointAt(0)) : next;
            if (shown.length() + visible.length() > SHOWN) {
                return shown.append('…').toString();
            }
            shown.append(visible);
        }
        return shown.toString();
    }

    /** The index of the first invisible character in a text's first line; empty if all of them can be seen. */
    public static OptionalInt firstInvisible(String text) {
        Matcher matcher = INVISIBLE.matcher(text);
        boolean isFound = matcher.find() && "\r\n\t\f".indexOf(text.charAt(matcher.start())) < 0;
        return isFound ? OptionalInt.of(matcher.start()) : OptionalInt.empty();
    }
}
