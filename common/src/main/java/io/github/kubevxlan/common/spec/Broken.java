package io.github.kubevxlan.common.spec;

import java.util.List;

/**
 * A ConfigMap entry with a mistake.
 *
 * @param name the key of the entry
 * @param problems what is wrong with it; not empty
 * @param options what could be read of it
 */
public record Broken(String name, List<Problem> problems, Options options) {
    public Broken {
        problems = List.copyOf(problems);
    }
}
