package io.github.kubevxlan.common.spec;

import java.util.ArrayList;
import java.util.List;

/** A text cut into its lines, and these at their commas. */
record Lines(String text) {
    /**
     * What stands between commas or line ends.
     *
     * @param words not empty
     * @param goesOn whether it begins an indented line, and so goes on with the network before it
     */
    record Piece(List<Word> words, boolean goesOn) {
        Word first() {
            return words.getFirst();
        }
    }

    /** All words, commas being part of them. */
    List<Word> words() {
        List<Word> words = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            words.addAll(Word.split(lines[i], i + 1, 1));
        }
        return words;
    }

    /** The pieces that hold anything. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int column = 1;
            for (String part : lines[i].split(",", -1)) {
                List<Word> words = Word.split(part, i + 1, column);
                if (!words.isEmpty()) {
                    boolean beginsLine = column == 1;
                    pieces.add(new Piece(words, beginsLine && words.getFirst().column() > 1));
                }
                column += part.length() + 1;
            }
        }
        return pieces;
    }
}
