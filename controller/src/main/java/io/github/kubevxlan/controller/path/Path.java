package io.github.kubevxlan.controller.path;

import java.util.Comparator;

/**
 * The way from the members of a network on one node to those on another.
 *
 * @param network its name
 * @param from the node of the one that measures
 * @param to the node of the one that answers
 */
public record Path(String network, String from, String to) implements Comparable<Path> {
    private static final Comparator<Path> ORDER =
            Comparator.comparing(Path::network).thenComparing(Path::from).thenComparing(Path::to);

    @Override
    public int compareTo(Path other) {
        return ORDER.compare(this, other);
    }
}
