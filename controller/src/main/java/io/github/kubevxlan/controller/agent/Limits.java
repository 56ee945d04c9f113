package io.github.kubevxlan.controller.agent;

import java.time.Duration;

/**
 * What is spent on agents at most.
 *
 * @param execs round trips at once, 2 or more; a quarter of them for pods that failed last
 * @param execsPerNode of these to one node, 2 or more; a quarter of them likewise
 * @param sessions open shells, at least as many as {@code execs}
 * @param idle how long a shell is kept with nothing to do
 * @param deadline of one round trip, and of opening a shell
 */
public record Limits(int execs, int execsPerNode, int sessions, Duration idle, Duration deadline) {}
