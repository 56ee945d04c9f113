/** What an agent reported, as typed values. Pure. */
@NullMarked
package io.github.kubevxlan.controller.observe;

import org.jspecify.annotations.NullMarked;
