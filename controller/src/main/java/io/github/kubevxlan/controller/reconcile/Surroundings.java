package io.github.kubevxlan.controller.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What a loop needs of its surroundings.
 *
 * @param executor runs a pod's turn, one thread a turn
 * @param timer waits
 * @param resync after how long at most a pod is compared in full
 * @param deadline after how long without an answer a peer counts as out of reach
 */
public record Surroundings(
        Executor executor,
        ScheduledExecutorService timer,
        Clock clock,
        RandomGenerator random,
        Duration resync,
        Duration deadline) {}
