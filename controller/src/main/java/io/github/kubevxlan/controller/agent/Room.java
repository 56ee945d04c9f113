package io.github.kubevxlan.controller.agent;

import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Memory for what agents print, all together: however many print at once, and however much each, the heap holds it. Where
 * it is not enough, the answer that takes most gives way, so that agents that print without end do not stop those that
 * print what they were asked for.
 *
 * <p>The room is also the lock of the answers in it.
 */
final class Room {
    private final int most;
    private final Set<Answer> holders = Collections.newSetFromMap(new IdentityHashMap<>());
    private int taken;

    /** Takes how many octets there may be at once. */
    Room(int most) {
        this.most = most;
    }

    /** Takes more for an answer; tells whether it may go on. */
    synchronized boolean take(Answer answer, int octets) {
        holders.add(answer);
        taken += octets;
        answer.held += octets;
        while (taken > most) {
            Answer largest = holders.stream()
                    .filter(Answer::isAwaited)
                    .max(Comparator.comparingInt(one -> one.held))
                    .orElse(answer);
            largest.fail(new AgentException("all agents together print too much, this one most"));
        }
        return answer.held > 0;
    }

    /** Gives back all that an answer took. */
    synchronized void giveBack(Answer answer) {
        taken -= answer.held;
        answer.held = 0;
        holders.remove(answer);
    }

    /** How many octets are taken. */
    synchronized int taken() {
        return taken;
    }
}
