package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Limits;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What the controller depends on: threads, clocks, randomness, bounds and a meter.
 *
 * @param executor runs reconciles, no more at once than there are places
 * @param timing waits and measures durations
 * @param work how much and how often
 * @param meter measures reconciles
 */
public record Dependencies(Executor executor, Timing timing, RandomGenerator random, WorkSettings work, Meter meter) {
    /** Waits. */
    public ScheduledExecutorService timer() {
        return timing.timer();
    }

    /** Measures durations. */
    public Ticker ticker() {
        return timing.ticker();
    }

    /** Bounds what is spent on agents. */
    public Limits limits() {
        return work.limits();
    }
}
