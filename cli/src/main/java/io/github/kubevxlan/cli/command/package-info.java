/** The commands, their options and their exit codes. */
@NullMarked
package io.github.kubevxlan.cli.command;

import org.jspecify.annotations.NullMarked;
