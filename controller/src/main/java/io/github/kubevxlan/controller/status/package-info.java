/** The state of each network of a pod, as in the annotation P/status. Pure. */
@NullMarked
package io.github.kubevxlan.controller.status;

import org.jspecify.annotations.NullMarked;
