/** {@code vxlan doctor}: the facts about an installation, and its problems. Pure. */
@NullMarked
package io.github.kubevxlan.cli.doctor;

import org.jspecify.annotations.NullMarked;
