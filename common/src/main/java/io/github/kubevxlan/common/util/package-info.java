/** What every command needs: settings from the environment, a clock that never goes back, words for failures, an orderly end. */
@NullMarked
package io.github.kubevxlan.common.util;

import org.jspecify.annotations.NullMarked;
