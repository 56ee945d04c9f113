/** {@code vxlan doctor}: what is known of an installation, and what is wrong with it. Pure. */
@NullMarked
package io.github.kubevxlan.cli.doctor;

import org.jspecify.annotations.NullMarked;
