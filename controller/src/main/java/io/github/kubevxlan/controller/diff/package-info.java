/** The difference between what an agent reported and what is wanted, as operations. Pure. */
@NullMarked
package io.github.kubevxlan.controller.diff;

import org.jspecify.annotations.NullMarked;
