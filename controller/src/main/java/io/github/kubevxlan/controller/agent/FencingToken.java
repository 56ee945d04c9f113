package io.github.kubevxlan.controller.agent;

/**
 * Says which leader sends a request, and in which session. Of two tokens the later one has the higher epoch or, in one
 * epoch, the higher session. An agent that has seen a later token refuses a request: the native agent in {@code
 * agent/src/fence.rs}, an agent with a shell in the script itself ({@code ScriptBuilder}). So what an earlier leader sent,
 * or a session that hung was told before another took its place, changes nothing when it arrives at last.
 *
 * @param epoch of the leader, 0 or more; each leader's is higher than any earlier one's
 * @param session the number of the leader's session, 0 or more; each is higher than that of any opened earlier
 */
public record FencingToken(long epoch, long session) {
    /** As in the request, and after the mark in the alias of {@code lo}. */
    @Override
    public String toString() {
        return epoch + " " + session;
    }
}
