/** What became of each network of a pod, as the annotation P/status tells it. Pure. */
@NullMarked
package io.github.kubevxlan.controller.status;

import org.jspecify.annotations.NullMarked;
