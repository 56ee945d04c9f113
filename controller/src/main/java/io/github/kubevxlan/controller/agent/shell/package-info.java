/** The shell dialect: operations as a POSIX script, and what it reports. Pure, and strict: agents are untrusted. */
@NullMarked
package io.github.kubevxlan.controller.agent.shell;

import org.jspecify.annotations.NullMarked;
