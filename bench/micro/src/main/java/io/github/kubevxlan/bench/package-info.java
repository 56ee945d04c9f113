/** Micro-benchmarks of what controller and webhook compute: time and bytes allocated, by JMH. */
@NullMarked
package io.github.kubevxlan.bench;

import org.jspecify.annotations.NullMarked;
