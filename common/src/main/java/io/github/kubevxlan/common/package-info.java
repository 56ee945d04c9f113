/** Names shared by every part: annotation keys, labels, containers. */
@NullMarked
package io.github.kubevxlan.common;

import org.jspecify.annotations.NullMarked;
