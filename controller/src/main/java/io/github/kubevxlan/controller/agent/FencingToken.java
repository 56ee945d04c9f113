package io.github.kubevxlan.controller.agent;

/**
 * Says which leader sends a script, and in which session. Of two tokens the later one has the higher epoch or, in one
 * epoch, the higher session: what a leader sent whose epoch is over, or a shell that hung was told before another took
 * its place, changes nothing when it is done at last.
 *
 * @param epoch of the leader, 0 or more; each leader's is higher than any earlier one's
 * @param session the number of the leader's session, 0 or more; each is higher than that of any opened earlier
 */
public record FencingToken(long epoch, long session) {
    /** As in the script, and after the mark in the alias of {@code lo}. */
    @Override
    public String toString() {
        return epoch + " " + session;
    }
}
