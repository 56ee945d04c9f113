package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads what users write about networks: a ConfigMap value, the {@code networks} and the {@code names} annotation. It
 * accepts any text without an exception, and returns all mistakes as problems. The notation is the older controller's:
 * blanks between options, commas or line ends between networks, a line that begins with a blank goes on with the
 * options of the network before it.
 */
public final class OverlayParser {
    /** A longer text is refused unread, in UTF-16 characters. */
    public static final int MAX_CHARACTERS = 32_768;

    private static final Pattern NETWORK = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
    private static final String NETWORK_ALLOWED = "a network's name, 1 to 253 of A-Z a-z 0-9 . _ -";

    private OverlayParser() {}

    /** Reads a ConfigMap value: a bare VNI, or options. That there is an {@code id} is not checked here. */
    public static Parsed<Options> definition(String where, String text) {
        Problems problems = new Problems(where);
        return new Parsed<>(definition(text, problems), problems.all());
    }

    static Options definition(String text, Problems problems) {
        OptionReader reader = new OptionReader(false, problems);
        if (isReadable(text, problems)) {
            List<Word> words = new Lines(text).words();
            if (words.size() == 1 && Character.isDigit(words.getFirst().text().charAt(0))) {
                reader.readValue(Option.ID, words.getFirst());
            } else {
                words.forEach(reader::read);
            }
        }
        return reader.options();
    }

    /** Reads the {@code networks} annotation; networks come in the order written, only those without a mistake. */
    public static Parsed<List<Entry>> networks(String where, String text) {
        Problems problems = new Problems(where);
        EntryReader reader = new EntryReader(problems);
        if (isReadable(text, problems)) {
            for (Lines.Piece piece : new Lines(text).pieces()) {
                reader.read(piece);
            }
        }
        return new Parsed<>(reader.entries(), problems.all());
    }

    /** Reads the {@code names} annotation: names alone, with commas or line ends between them. */
    public static Parsed<List<Entry>> names(String where, String text) {
        Problems problems = new Problems(where);
        EntryReader reader = new EntryReader(problems);
        if (isReadable(text, problems)) {
            for (Lines.Piece piece : new Lines(text).pieces()) {
                reader.readName(piece);
            }
        }
        return new Parsed<>(reader.entries(), problems.all());
    }

    /** Prints networks as {@link #networks} reads them, one a line. */
    public static String print(List<Entry> entries) {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("\n"));
    }

    /** Tells whether a word may name a network: what a ConfigMap key may be. */
    static boolean isNetworkName(Word word, Problems problems) {
        boolean isName = NETWORK.matcher(word.text()).matches();
        if (!isName) {
            problems.add(word.line(), word.column(), word.text(), NETWORK_ALLOWED);
        }
        return isName;
    }

    private static boolean isReadable(String text, Problems problems) {
        boolean isReadable = text.length() <= MAX_CHARACTERS;
        if (!isReadable) {
            problems.add(1, 1, text.length() + " characters", "at most " + MAX_CHARACTERS + " characters");
        }
        return isReadable;
    }
}
