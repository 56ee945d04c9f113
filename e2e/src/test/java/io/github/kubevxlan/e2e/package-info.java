/** What users were promised, tried on a real cluster. One class is one subject, one method one promise. */
@NullMarked
package io.github.kubevxlan.e2e;

import org.jspecify.annotations.NullMarked;
