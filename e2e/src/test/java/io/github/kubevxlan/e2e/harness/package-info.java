/** How the tests reach the cluster: pods to make, commands to run in them, what their kernels hold, and waiting. */
@NullMarked
package io.github.kubevxlan.e2e.harness;

import org.jspecify.annotations.NullMarked;
