/** Which pod is a member of which segment, and which members a change concerns. Pure but for its lock. */
@NullMarked
package io.github.kubevxlan.controller.registry;

import org.jspecify.annotations.NullMarked;
