/** The {@code vxlan} command. Its parts: {@code state} and {@code view} are pure, {@code kube} asks, {@code command} wires. */
@NullMarked
package io.github.kubevxlan.cli;

import org.jspecify.annotations.NullMarked;
