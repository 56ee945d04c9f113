package io.github.kubevxlan.controller.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Memory for what agents print, all together: however many print at once, and however much each, the heap holds it. Each
 * answer reserves what it is expected to take before its agent is asked, and waits until there is memory for it. An agent
 * that prints more than was expected gets what is left over, and gives way where it is not left over: so agents that
 * print without end stop none of those that print what they were asked for.
 *
 * <p>The budget is also the lock of the buffers in it.
 */
final class ByteBudget {
    private final int most;
    private final Set<ResponseBuffer> holders = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<ResponseBuffer> waiting = new ArrayDeque<>();
    private int taken;

    /** Takes how many bytes there may be at once. */
    ByteBudget(int most) {
        this.most = most;
    }

    /**
     * Waits until the budget holds an answer of that many bytes, first come, first served, and reserves it.
     *
     * @throws AgentException if it does not within the deadline
     */
    synchronized void reserve(ResponseBuffer buffer, int bytes, Duration deadline)
            throws AgentException, InterruptedException {
        int reserved = Math.min(bytes, most);
        long end = System.nanoTime() + deadline.toNanos();
        waiting.add(buffer);
        try {
            while (waiting.peekFirst() != buffer || !fits(reserved)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AgentException("it was not asked: no memory for its answer came free in time");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            holders.add(buffer);
            buffer.reserved = reserved;
            taken += reserved;
        } finally {
            waiting.remove(buffer);
            notifyAll();
        }
    }

    /** Takes more for an answer; tells whether it may go on. */
    synchronized boolean take(ResponseBuffer buffer, int bytes) {
        int before = buffer.taken();
        buffer.held += bytes;
        taken += buffer.taken() - before;
        while (taken > most) {
            greediest().orElse(buffer).fail(tooMuch());
        }
        return buffer.held > 0;
    }

    /** Gives back all that an answer took or reserved. */
    synchronized void giveBack(ResponseBuffer buffer) {
        taken -= buffer.taken();
        buffer.held = 0;
        buffer.reserved = 0;
        holders.remove(buffer);
        notifyAll();
    }

    /** How many bytes are taken or reserved. */
    synchronized int taken() {
        return taken;
    }

    private boolean fits(int bytes) {
        while (taken + bytes > most) {
            Optional<ResponseBuffer> greediest = greediest();
            if (greediest.isEmpty()) {
                return false;
            }
            greediest.get().fail(tooMuch());
        }
        return true;
    }

    /** Who took most beyond what was expected of it. */
    private Optional<ResponseBuffer> greediest() {
        return holders.stream()
                .filter(buffer -> buffer.isAwaited() && buffer.held > buffer.reserved)
                .max(Comparator.comparingInt(buffer -> buffer.held - buffer.reserved));
    }

    private static AgentException tooMuch() {
        return new AgentException("it printed more than it was asked for, and there is no room for that now");
    }
}
