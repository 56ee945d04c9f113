/** What {@code doctor --deep} does with pods, one on each node, and what packets between them show. Pure. */
@NullMarked
package io.github.kubevxlan.cli.trial;

import org.jspecify.annotations.NullMarked;
