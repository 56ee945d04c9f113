/** Scenarios at full length, one after another: {@code make soak}. */
@NullMarked
package io.github.kubevxlan.e2e.soak;

import org.jspecify.annotations.NullMarked;
