/** Converts the older controllers' manifests to today's form. Pure. */
@NullMarked
package io.github.kubevxlan.cli.convert;

import org.jspecify.annotations.NullMarked;
