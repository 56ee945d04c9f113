/** What a member should have: links, addresses, routes, peer tables, filters. Pure: no client, clock or thread. */
@NullMarked
package io.github.kubevxlan.controller.overlay;

import org.jspecify.annotations.NullMarked;
