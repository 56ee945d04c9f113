/** Makes one pcapng of the captures of several agents. Pure. */
@NullMarked
package io.github.kubevxlan.cli.capture;

import org.jspecify.annotations.NullMarked;
