package io.github.kubevxlan.common.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the networks of an annotation, piece by piece. */
final class EntryReader {
    private static final int MOST_NETWORKS = 128;

    private final Problems problems;
    private final List<Begun> begun = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable OptionReader current;

    /** A network whose options may go on; {@code isNamed} if its name is sound and new. */
    private record Begun(Word name, boolean isNamed, OptionReader options) {}

    EntryReader(Problems problems) {
        this.problems = problems;
    }

    /** Reads a network with options, or further options of the network before. */
    void read(Lines.Piece piece) {
        List<Word> options = piece.words();
        if (!piece.goesOn()) {
            begin(piece.first());
            options = options.subList(1, options.size());
        } else if (current == null) {
            refuse(piece.first(), "a network's name at the beginning of a line, before its options");
            current = new OptionReader(true, problems);
        }
        if (current != null) {
            options.forEach(current::read);
        }
    }

    /** Reads a network's name with nothing behind it. */
    void readName(Lines.Piece piece) {
        if (piece.words().size() > 1) {
            refuse(
                    piece.words().get(1),
                    "names alone, with commas between them; options belong in the annotation networks");
        } else {
            begin(piece.first());
        }
    }

    /** The networks without a mistake. */
    List<Entry> entries() {
        return begun.stream()
                .filter(network -> network.isNamed() && network.options().isSound())
                .map(network -> new Entry(
                        network.name().text(),
                        network.options().options(),
                        network.name().line(),
                        network.name().column()))
                .toList();
    }

    private void begin(Word name) {
        boolean isNamed = OverlayParser.isNetworkName(name, problems);
        if (isNamed && !names.add(name.text())) {
            refuse(name, "each network once");
            isNamed = false;
        }
        if (begun.size() == MOST_NETWORKS) {
            refuse(name, "at most " + MOST_NETWORKS + " networks");
            isNamed = false;
        }
        OptionReader options = new OptionReader(true, problems);
        if (begun.size() < MOST_NETWORKS) {
            begun.add(new Begun(name, isNamed, options));
        }
        current = options;
    }

    private void refuse(Word word, String allowed) {
        problems.add(word.line(), word.column(), word.text(), allowed);
    }
}
