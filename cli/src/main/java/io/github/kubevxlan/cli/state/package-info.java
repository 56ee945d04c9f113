/** What is known of a cluster, and what follows from it. Pure. */
@NullMarked
package io.github.kubevxlan.cli.state;

import org.jspecify.annotations.NullMarked;
