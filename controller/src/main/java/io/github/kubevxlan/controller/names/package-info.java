/** Names: which EndpointSlices a Service shall have, so that the cluster's DNS answers with overlay addresses. Pure. */
@NullMarked
package io.github.kubevxlan.controller.names;

import org.jspecify.annotations.NullMarked;
