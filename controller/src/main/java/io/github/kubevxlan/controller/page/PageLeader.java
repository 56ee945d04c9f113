package io.github.kubevxlan.controller.page;

/**
 * Who works.
 *
 * @param leads whether this controller does; one that waits shows no members
 * @param self this controller's name
 * @param holder the leader's name; empty while it is not known
 */
public record PageLeader(boolean leads, String self, String holder) {}
