/** Reports to the outside: Events, metrics, health. */
@NullMarked
package io.github.kubevxlan.controller.report;

import org.jspecify.annotations.NullMarked;
