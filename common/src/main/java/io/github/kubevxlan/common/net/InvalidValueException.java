package io.github.kubevxlan.common.net;

/** A text is not the value it should be: what was found and what is allowed. Its message is fit for a user. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 64;

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

    private static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
