/** The way into a pod: a shell in its agent container, kept open while changes come. */
@NullMarked
package io.github.kubevxlan.controller.agent;

import org.jspecify.annotations.NullMarked;
