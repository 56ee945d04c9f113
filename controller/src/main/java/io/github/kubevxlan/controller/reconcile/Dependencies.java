package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Limits;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What the controller depends on: threads, clocks, randomness, bounds and a meter.
 *
 * @param executor runs reconciles, no more at once than there are places
 * @param timer waits
 * @param ticker measures durations; the wall clock may step back
 * @param resync after how long at most a pod is compared in full
 * @param limits of what is spent on agents
 * @param meter measures reconciles
 */
public record Dependencies(
        Executor executor,
        ScheduledExecutorService timer,
        Ticker ticker,
        RandomGenerator random,
        Duration resync,
        Limits limits,
        Meter meter) {}
