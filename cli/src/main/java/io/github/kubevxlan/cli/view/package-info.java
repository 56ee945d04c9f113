/** The output of commands, as records and as text. Pure. */
@NullMarked
package io.github.kubevxlan.cli.view;

import org.jspecify.annotations.NullMarked;
