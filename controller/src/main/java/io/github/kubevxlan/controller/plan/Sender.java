package io.github.kubevxlan.controller.plan;

/**
 * Who sends a script. Of two senders the later one has the higher term or, in one term, the higher session: what a
 * leader sent whose term is over, or a shell that hung was told before another took its place, changes nothing when it is
 * done at last.
 *
 * @param term of the leader, 0 or more; each leader's is higher than any earlier one's
 * @param session the number of the leader's session, 0 or more; each is higher than that of any opened earlier
 */
public record Sender(long term, long session) {
    /** As in the script, and after the mark in the alias of {@code lo}. */
    @Override
    public String toString() {
        return term + " " + session;
    }
}
