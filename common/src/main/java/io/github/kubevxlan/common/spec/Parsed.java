package io.github.kubevxlan.common.spec;

import java.util.List;

/**
 * The readable part of a text, and the mistakes in the rest.
 *
 * @param value what is sound; where there are problems, possibly less than was written
 * @param problems in the order of the text; empty if all of it is sound
 */
public record Parsed<T>(T value, List<Problem> problems) {
    public Parsed {
        problems = List.copyOf(problems);
    }
}
