/** Pods that {@code doctor --deep} starts, one on each node, and what packets between them show. */
@org.jspecify.annotations.NullMarked
package io.github.kubevxlan.cli.trial;
