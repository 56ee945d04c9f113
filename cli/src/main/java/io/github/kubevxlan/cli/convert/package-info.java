/** What the older controllers' manifests look like today. Pure. */
@NullMarked
package io.github.kubevxlan.cli.convert;

import org.jspecify.annotations.NullMarked;
