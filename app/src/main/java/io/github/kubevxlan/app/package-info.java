/** The program's entry: one image, its commands. */
@NullMarked
package io.github.kubevxlan.app;

import org.jspecify.annotations.NullMarked;
