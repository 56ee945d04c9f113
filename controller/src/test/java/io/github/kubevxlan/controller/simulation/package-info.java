/**
 * A cluster in memory: pods whose kernels are simulated, watches that lose and repeat events, agents that fail, leaders
 * that come back late. One thread and a clock of its own, so that a seed replays a history to the letter.
 */
@NullMarked
package io.github.kubevxlan.controller.simulation;

import org.jspecify.annotations.NullMarked;
