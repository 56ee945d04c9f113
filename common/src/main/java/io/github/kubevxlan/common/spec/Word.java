package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A run of characters without blanks, and where it stands.
 *
 * @param line from 1
 * @param column of its first character, from 1
 */
record Word(String text, int line, int column) {
    private static final Pattern WORD = Pattern.compile("[^ \t\r\n\f]+");

    /** Splits part of a line at blanks. */
    static List<Word> split(String part, int line, int column) {
        return WORD.matcher(part)
                .results()
                .map(match -> new Word(match.group(), line, column + match.start()))
                .toList();
    }

    /** The rest of this word from an index on. */
    Word from(int index) {
        return new Word(text.substring(index), line, column + index);
    }
}
