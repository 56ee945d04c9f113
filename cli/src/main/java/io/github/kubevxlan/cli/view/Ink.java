package io.github.kubevxlan.cli.view;

/**
 * Colours words where colours are wanted.
 *
 * @param on whether they are
 */
public record Ink(boolean on) {
    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";

    /** Something is broken. */
    public String bad(String text) {
        return in(RED, text);
    }

    /** Something is fine. */
    public String good(String text) {
        return in(GREEN, text);
    }

    /** Something deserves attention. */
    public String warn(String text) {
        return in(YELLOW, text);
    }

    /** A pod's state. */
    public String state(String state) {
        return switch (state) {
            case PodStates.READY -> good(state);
            case "Unavailable", "NoAgent", "NotServed", "NetworkUnavailable", "NetworkLost" -> bad(state);
            default -> warn(state);
        };
    }

    private String in(String colour, String text) {
        return on ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }
}
