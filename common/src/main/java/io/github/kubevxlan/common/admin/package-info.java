/** Probes and metrics over plain HTTP, for every command alike. */
@NullMarked
package io.github.kubevxlan.common.admin;

import org.jspecify.annotations.NullMarked;
