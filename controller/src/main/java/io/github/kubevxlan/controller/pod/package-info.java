/** A pod as the controller sees it, and what the controller writes back to it. Pure. */
@NullMarked
package io.github.kubevxlan.controller.pod;

import org.jspecify.annotations.NullMarked;
