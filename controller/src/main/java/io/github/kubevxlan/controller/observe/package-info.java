/** What an agent printed, as typed values. Pure, and strict: what an agent says is untrusted. */
@NullMarked
package io.github.kubevxlan.controller.observe;

import org.jspecify.annotations.NullMarked;
