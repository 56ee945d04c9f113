package io.github.kubevxlan.common.spec;

/**
 * A network as an annotation names it. Prints as a line that reads as the same again.
 *
 * @param network the network's name
 * @param options what the annotation sets for this pod
 * @param line of the name in the annotation, from 1
 * @param column of the name in its line, from 1
 */
public record Entry(String network, Options options, int line, int column) {
    @Override
    public String toString() {
        return (network + " " + options).strip();
    }
}
