package io.github.kubevxlan.cli.doctor;

import java.util.stream.Stream;

/** Looks for one kind of fault. */
public interface Check {
    /** A word or two with hyphens, the same in every version. */
    String name();

    /** What is wrong; empty if nothing is, or if the facts do not tell. */
    Stream<Finding> findings(Facts facts);
}
