package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.agent.Limits;
import java.time.Duration;

/**
 * How much and how often the controller works on agents.
 *
 * @param limits of what is spent on them
 * @param resync after how long at most a pod is compared in full
 */
public record WorkSettings(Limits limits, Duration resync) {}
