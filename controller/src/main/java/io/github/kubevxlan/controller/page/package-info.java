/** The live page: what the controller knows, as a document that browsers follow. */
@NullMarked
package io.github.kubevxlan.controller.page;

import org.jspecify.annotations.NullMarked;
