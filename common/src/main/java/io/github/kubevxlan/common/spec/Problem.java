package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;

/**
 * A mistake of a user: where it is, what was found, what is allowed. Its text is one sentence for that user.
 *
 * @param where the text, as {@code annotation vxlan.travelping.com/networks} or {@code ConfigMap entry vxeth1}
 * @param line of the text, from 1
 * @param column within the line in UTF-16 characters, from 1; a tab counts as one. Where what was found has an
 *     invisible character, which is hardly meant, the place of the first of these
 * @param found what stands there, made fit to be shown
 * @param allowed a noun phrase
 */
public record Problem(String where, int line, int column, String found, String allowed) {
    public Problem {
        column += InvalidValueException.firstInvisible(found).orElse(0);
        found = InvalidValueException.shown(found);
    }

    @Override
    public String toString() {
        return "%s, line %d, column %d: found \"%s\", allowed: %s".formatted(where, line, column, found, allowed);
    }
}
