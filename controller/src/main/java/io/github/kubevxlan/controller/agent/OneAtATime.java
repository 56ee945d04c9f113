package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Lets one thread at a time work for a pod; another waits. */
final class OneAtATime {
    private final Ticker ticker;
    private final Set<String> uids = new HashSet<>();

    OneAtATime(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Waits until nobody else works for the pod.
     *
     * @throws AgentException if somebody still does at that time
     */
    synchronized void enter(String uid, Duration end) throws AgentException, InterruptedException {
        while (!uids.add(uid)) {
            Duration left = end.minus(ticker.elapsed());
            if (!left.isPositive()) {
                throw new AgentException("the agent is at work for another request");
            }
            wait(Math.max(1, left.toMillis()));
        }
    }

    /** The work is done. */
    synchronized void leave(String uid) {
        uids.remove(uid);
        notifyAll();
    }
}
