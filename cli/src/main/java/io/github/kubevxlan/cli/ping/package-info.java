/** The results of packets between two members, and where they end. Pure. */
@NullMarked
package io.github.kubevxlan.cli.ping;

import org.jspecify.annotations.NullMarked;
