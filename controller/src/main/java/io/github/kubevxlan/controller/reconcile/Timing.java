package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How the controller knows of time.
 *
 * @param timer waits
 * @param ticker measures durations; the wall clock may step back
 */
public record Timing(ScheduledExecutorService timer, Ticker ticker) {}
