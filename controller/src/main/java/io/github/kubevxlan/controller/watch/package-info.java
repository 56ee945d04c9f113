/** The edge to the API server that reads: lists, watches and single lookups become snapshots. */
@NullMarked
package io.github.kubevxlan.controller.watch;

import org.jspecify.annotations.NullMarked;
