/** Asks the API server and the agents, with the caller's rights. */
@NullMarked
package io.github.kubevxlan.cli.kube;

import org.jspecify.annotations.NullMarked;
