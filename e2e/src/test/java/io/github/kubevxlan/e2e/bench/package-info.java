/** What is measured, not judged: {@code make bench}. */
@NullMarked
package io.github.kubevxlan.e2e.bench;

import org.jspecify.annotations.NullMarked;
