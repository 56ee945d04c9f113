/** Reports to the outside: writes status, Events and metrics. */
@NullMarked
package io.github.kubevxlan.controller.report;

import org.jspecify.annotations.NullMarked;
