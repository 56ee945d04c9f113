/** The checks, each with one idea: facts in, findings out. Pure. */
@NullMarked
package io.github.kubevxlan.cli.doctor.check;

import org.jspecify.annotations.NullMarked;
