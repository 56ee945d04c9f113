/** The state of a cluster, and conclusions from it. Pure. */
@NullMarked
package io.github.kubevxlan.cli.state;

import org.jspecify.annotations.NullMarked;
