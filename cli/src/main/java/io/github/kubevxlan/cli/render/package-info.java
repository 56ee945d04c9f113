/** What the webhook would do with manifests, by its own code. Pure. */
@NullMarked
package io.github.kubevxlan.cli.render;

import org.jspecify.annotations.NullMarked;
