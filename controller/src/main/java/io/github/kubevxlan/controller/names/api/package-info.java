/** Names: reads Services and EndpointSlices, and writes EndpointSlices. */
@NullMarked
package io.github.kubevxlan.controller.names.api;

import org.jspecify.annotations.NullMarked;
