/** The line from an event to a pod that is as it should be: queue, round trips, outcome. */
@NullMarked
package io.github.kubevxlan.controller.reconcile;

import org.jspecify.annotations.NullMarked;
