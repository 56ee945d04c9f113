/** Validated network values. Each parses from text and prints what it parses; none does I/O or name look-ups. */
@NullMarked
package io.github.kubevxlan.common.net;

import org.jspecify.annotations.NullMarked;
