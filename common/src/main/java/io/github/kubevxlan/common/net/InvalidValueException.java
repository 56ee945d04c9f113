package io.github.kubevxlan.common.net;

import java.util.regex.Pattern;

/** A text is not the value it should be: what was found and what is allowed. Its message is fit for a user. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 64;
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{C}");

    private final String found;
    private final String allowed;

    /** Takes the offending text, cut to {@value #SHOWN} characters, and a noun phrase that says what is allowed. */
    public InvalidValueException(String found, String allowed) {
        super("found \"" + shown(found) + "\", allowed: " + allowed);
        this.found = shown(found);
        this.allowed = allowed;
    }

    /** The offending text as it may be shown: control characters replaced, cut where it is long. */
    public String found() {
        return found;
    }

    /** What is allowed in its place, a noun phrase. */
    public String allowed() {
        return allowed;
    }

    /**
     * Makes untrusted text fit for a message: at most {@value #SHOWN} characters, then an ellipsis; control, format
     * (text direction) and unpaired surrogate characters become question marks.
     */
    public static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
}
