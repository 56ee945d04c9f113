package io.github.kubevxlan.common.spec;

/**
 * A {@link Problem} without its place.
 *
 * @param allowed a noun phrase
 */
record ProblemText(String found, String allowed) {}
