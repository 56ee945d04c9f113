package io.github.kubevxlan.cli.ping;

/**
 * Where packets between two members end.
 *
 * @param endsAt the part that does not carry them
 * @param reason what is known, a sentence
 * @param remedy a command that solves it or shows more; empty if there is nothing to solve
 */
public record Verdict(Place endsAt, String reason, String remedy) {
    /** The parts on the way of a packet. */
    public enum Place {
        /** Nowhere: the overlay carries them. */
        NOWHERE,
        /** A member lacks an interface, address, route or entry. */
        TABLE,
        /** A member's peer filter drops them. */
        FILTER,
        /** A member's port security refuses them. */
        SECURITY,
        /** The cluster's network loses them between the nodes. */
        UNDERLAY,
        /** The cluster's network does not carry packets as large as the interfaces send. */
        MTU
    }
}
