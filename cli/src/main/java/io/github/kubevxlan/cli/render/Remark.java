package io.github.kubevxlan.cli.render;

/**
 * A note, warning or refusal about a manifest.
 *
 * @param severity how much it matters
 * @param where which object of which document of which file; empty if it is about all of them
 * @param text a sentence for the user, on one line
 */
public record Remark(Severity severity, String where, String text) {
    /** How much a remark matters. */
    public enum Severity {
        /** Good to know. */
        NOTE("note"),
        /** It is done, but may not be what the user meant. */
        WARNING("warning"),
        /** It is not done. */
        REFUSAL("refused");

        private final String word;

        Severity(String word) {
            this.word = word;
        }
    }

    /** The line that the user reads. */
    public String line() {
        return severity.word + ": " + (where.isEmpty() ? "" : where + ": ") + text;
    }
}
