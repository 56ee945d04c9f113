package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;

/**
 * Bounds how long one attempt keeps its place: once the deadline of one call has passed, the attempt makes no further call
 * to the agent. Since each call has that deadline itself, all end within twice that. A comparison has time for two calls,
 * which is enough to change something and see it: an agent that answers each just in time gets on with every attempt.
 *
 * @param ticker measures it
 * @param ofCall the deadline of one call
 */
public record AttemptDeadline(Ticker ticker, Duration ofCall) {
    /** One attempt, which begins now. */
    Attempt begin() {
        return new Attempt(ticker, ticker.elapsed().plus(ofCall));
    }

    /**
     * An attempt that has begun.
     *
     * @param end when the last of its calls may begin
     */
    record Attempt(Ticker ticker, Duration end) {
        boolean isLate() {
            return ticker.elapsed().compareTo(end) >= 0;
        }
    }
}
