/** Configuration from the environment. */
@NullMarked
package io.github.kubevxlan.common.util;

import org.jspecify.annotations.NullMarked;
