package io.github.kubevxlan.common.spec;

/**
 * What speaks against a network in a pod: a {@link Problem} without its place.
 *
 * @param allowed a noun phrase
 */
record ProblemText(String found, String allowed) {}
