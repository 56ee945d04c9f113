/** Network definitions: the names users type, what a network is, and how text becomes one. */
@NullMarked
package io.github.kubevxlan.common.spec;

import org.jspecify.annotations.NullMarked;
