/**
 * Who has which address of a network's subnets. Pure: no Kubernetes type, no I/O, no clock, no thread.
 */
@NullMarked
package io.github.kubevxlan.controller.address;

import org.jspecify.annotations.NullMarked;
