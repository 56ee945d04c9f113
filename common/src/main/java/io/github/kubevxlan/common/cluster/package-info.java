/** The way to the Kubernetes API, the same for every command. */
@NullMarked
package io.github.kubevxlan.common.cluster;

import org.jspecify.annotations.NullMarked;
