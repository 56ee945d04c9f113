/** The edge to the API server's lists and watches: events become snapshots. */
@NullMarked
package io.github.kubevxlan.controller.watch;

import org.jspecify.annotations.NullMarked;
