/** What is played at two lengths: short by a test of {@code make test}, long by one of {@code make soak}. */
@NullMarked
package io.github.kubevxlan.e2e.scenario;

import org.jspecify.annotations.NullMarked;
