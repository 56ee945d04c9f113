/** Measures paths between members: whom to ask, what the answers mean, and the edge that asks. */
@NullMarked
package io.github.kubevxlan.controller.path;

import org.jspecify.annotations.NullMarked;
