package io.github.kubevxlan.controller.agent;

import java.time.Duration;

/**
 * What is spent on agents at most.
 *
 * @param execs pods that are worked on at once, 2 or more; a quarter of them at most are such as failed last
 * @param execsPerNode of these on one node, 2 or more; a quarter of them likewise
 * @param sessions open shells, at least as many as {@code execs}
 * @param idle how long a shell is kept with nothing to do
 * @param deadline of one round trip, opening a shell for it included
 */
public record Limits(int execs, int execsPerNode, int sessions, Duration idle, Duration deadline) {}
