/** The way into a pod: sessions with its agent, native or with a shell, kept open while changes come. */
@NullMarked
package io.github.kubevxlan.controller.agent;

import org.jspecify.annotations.NullMarked;
