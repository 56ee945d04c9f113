package io.github.kubevxlan.controller.page;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What one browser has yet to be sent: bounded, so one that does not keep up is dropped. */
final class PageClient {
    static final int MOST_MESSAGES = 64;
    static final int MOST_BYTES = 8 << 20;

    private final Deque<byte[]> queue = new ArrayDeque<>();
    private int bytes;
    private boolean isOver;
    private Runnable atEnd = () -> {};

    /** Does something when it is dropped, at once if it was. */
    synchronized void atEnd(Runnable action) {
        atEnd = action;
        if (isOver) {
            action.run();
        }
    }

    /** Takes a message; never waits. The first is taken whatever its size, since nothing goes without it. */
    synchronized void offer(byte[] message) {
        boolean fits = queue.size() < MOST_MESSAGES && bytes + (long) message.length <= MOST_BYTES;
        if (fits || queue.isEmpty()) {
            queue.addLast(message);
            bytes += message.length;
            notifyAll();
        } else {
            end();
        }
    }

    /** Drops it: there is no more to be sent. */
    synchronized void end() {
        if (!isOver) {
            isOver = true;
            queue.clear();
            notifyAll();
            atEnd.run();
        }
    }

    synchronized boolean isOver() {
        return isOver;
    }

    /** The next message; empty if none comes in that time, or no more will. */
    synchronized Optional<byte[]> take(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); queue.isEmpty() && !isOver && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        Optional<byte[]> next = Optional.ofNullable(queue.pollFirst());
        next.ifPresent(message -> bytes -= message.length);
        return next;
    }
}
