/**
 * What should be, what was seen, and the operations from one to the other. Pure: no Kubernetes type, no I/O, no clock,
 * no thread.
 */
@NullMarked
package io.github.kubevxlan.controller.plan;

import org.jspecify.annotations.NullMarked;
